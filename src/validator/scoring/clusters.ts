import { addEvidence } from './pairEvidence.ts'
import type { Cluster } from './shareRewards.ts'

/** What is known of two miners together. */
export interface Pair {
  readonly a: string
  readonly b: string
  /** For one source behind both, in nats. */
  readonly evidence: number
  /** In how many of the newer shared tasks each was the first to answer. */
  readonly aFirst: number
  readonly bFirst: number
}

/** What one task that two miners were asked at once adds to what is known of them. `a` sorts before `b`. */
export interface PairNews {
  readonly a: string
  readonly b: string
  readonly evidence: number
  /** Which of them answered first; undefined where that says nothing. */
  readonly first?: 'a' | 'b'
}

export function pairKey({ a, b }: Pick<Pair, 'a' | 'b'>): string {
  return `${a} ${b}`
}

/** From so many on both counts are halved: with months behind them nothing would change, and a hair's breadth decide. */
const firstWindow = 10_000

/** What is known with the news; `before` is undefined where there was nothing. */
export function addPairNews(before: Pair | undefined, { a, b, evidence, first }: PairNews): Pair {
  const { aFirst = 0, bFirst = 0 } = before ?? {}
  const keep = aFirst + bFirst >= firstWindow ? 0.5 : 1
  return {
    a,
    b,
    evidence: addEvidence(before?.evidence ?? 0, evidence),
    aFirst: Math.floor(aFirst * keep) + (first === 'a' ? 1 : 0),
    bFirst: Math.floor(bFirst * keep) + (first === 'b' ? 1 : 0),
  }
}

/** Standard deviations by which one must be first more often than a coin would have it. */
const firstErrors = 4

/**
 * The miners that answer from one source, as groups: whoever is one with a member is one with all, but for those whose
 * answers speak against it. Else a copier of two miners would make those two one, and one of them would earn nothing.
 *
 * @param pairs each two miners at most once, and once more where they share an endpoint
 * @param isOne whether a pair counts as one source
 */
export function clustersOf(pairs: Iterable<Pair>, isOne: (pair: Pair) => boolean): Cluster[] {
  const all = [...pairs]
  const joined = all.filter(isOne).sort((x, y) => certainty(y) - certainty(x) || y.evidence - x.evidence)
  if (joined.length === 0) return []
  const apart = new Set(all.filter(({ evidence }) => evidence < 0).map(pairKey))
  const hotkeysOf = joined.flatMap(({ a, b }) => [a, b])
  const groups = new Map(hotkeysOf.map((hotkey) => [hotkey, new Set([hotkey])]))
  // Looked at once: two groups of many hotkeys may be joined by thousands of pairs.
  const barred = new Map<ReadonlySet<string>, Set<ReadonlySet<string>>>()
  for (const { a, b } of joined) {
    const [one, other] = [groups.get(a)!, groups.get(b)!]
    if (one === other || barred.get(one)?.has(other) === true) continue
    const areApart = (x: string, y: string): boolean =>
      !(x === a && y === b) && apart.has(pairKey(x < y ? { a: x, b: y } : { a: y, b: x }))
    if ([...one].some((x) => [...other].some((y) => areApart(x, y)))) {
      barred.set(one, (barred.get(one) ?? new Set()).add(other))
      barred.set(other, (barred.get(other) ?? new Set()).add(one))
      continue
    }
    const together = new Set([...one, ...other])
    for (const hotkey of together) groups.set(hotkey, together)
  }
  const several = [...new Set(groups.values())].filter(({ size }) => size > 1)
  return several.map((group) => {
    const hotkeys = [...group].sort()
    const within = joined.filter(({ a, b }) => group.has(a) && group.has(b))
    const first = hotkeys.find((hotkey) => isFirst(hotkey, within))
    return first === undefined ? { hotkeys } : { hotkeys, first }
  })
}

/** A copier is put with its source before all others, and a shared endpoint, which copiers may choose, says least. */
function certainty(pair: Pair): number {
  if (pair.evidence === Number.POSITIVE_INFINITY) return 0
  return isAhead(pair.aFirst, pair.bFirst) || isAhead(pair.bFirst, pair.aFirst) ? 2 : 1
}

function isAhead(ahead: number, behind: number): boolean {
  return ahead - behind > firstErrors * Math.sqrt(ahead + behind)
}

/**
 * Whether a member answers before each other one that it is joined with, in clearly more than half of their tasks. One that
 * has never answered the same says nothing of who is first: else an unreachable hotkey at a source's address would hide it.
 */
function isFirst(hotkey: string, joined: readonly Pair[]): boolean {
  const own = joined.filter(({ a, b, aFirst, bFirst }) => (a === hotkey || b === hotkey) && aFirst + bFirst > 0)
  return (
    own.length > 0 &&
    own.every(({ a, aFirst, bFirst }) => {
      return a === hotkey ? isAhead(aFirst, bFirst) : isAhead(bFirst, aFirst)
    })
  )
}
