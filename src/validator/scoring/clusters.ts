import { addEvidence } from './pairEvidence.ts'
import type { Cluster } from './shareRewards.ts'

/** What is known of two miners together. */
export interface Pair {
  readonly a: string
  readonly b: string
  /** For one source behind both, in nats. */
  readonly evidence: number
  /** In how many shared tasks each was the first to answer. */
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

/** What is known with the news; `before` is undefined where there was nothing. */
export function addPairNews(before: Pair | undefined, { a, b, evidence, first }: PairNews): Pair {
  return {
    a,
    b,
    evidence: addEvidence(before?.evidence ?? 0, evidence),
    aFirst: (before?.aFirst ?? 0) + (first === 'a' ? 1 : 0),
    bFirst: (before?.bFirst ?? 0) + (first === 'b' ? 1 : 0),
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
  const apart = new Set(all.filter(({ evidence }) => evidence < 0).flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]))
  const groups = new Map<string, ReadonlySet<string>>()
  const groupOf = (hotkey: string): ReadonlySet<string> => groups.get(hotkey) ?? new Set([hotkey])
  for (const { a, b } of joined) {
    const [one, other] = [groupOf(a), groupOf(b)]
    if (one.has(b)) continue
    const areApart = (x: string, y: string): boolean => !(x === a && y === b) && apart.has(`${x} ${y}`)
    if ([...one].some((x) => [...other].some((y) => areApart(x, y)))) continue
    const together = new Set([...one, ...other])
    for (const hotkey of together) groups.set(hotkey, together)
  }
  return [...new Set(groups.values())].map((group) => {
    const hotkeys = [...group].sort()
    const first = hotkeys.find((hotkey) => isFirst(hotkey, joined))
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
