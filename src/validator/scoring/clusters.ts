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
 * The miners that answer from one source, as groups: whoever is one with a member is one with all.
 *
 * @param pairs each two miners at most once
 * @param isOne whether a pair counts as one source
 */
export function clustersOf(pairs: Iterable<Pair>, isOne: (pair: Pair) => boolean): Cluster[] {
  const parent = new Map<string, string>()
  const rootOf = (hotkey: string): string => {
    const up = parent.get(hotkey) ?? hotkey
    if (up === hotkey) return hotkey
    const root = rootOf(up)
    parent.set(hotkey, root)
    return root
  }
  const joined: Pair[] = []
  for (const pair of pairs) {
    if (!isOne(pair)) continue
    joined.push(pair)
    parent.set(rootOf(pair.a), rootOf(pair.b))
  }
  const groups = new Map<string, Set<string>>()
  for (const { a, b } of joined) {
    const root = rootOf(a)
    const group = groups.get(root) ?? new Set()
    groups.set(root, group.add(a).add(b))
  }
  return [...groups.values()].map((group) => {
    const hotkeys = [...group].sort()
    const first = hotkeys.find((hotkey) => isFirst(hotkey, joined))
    return first === undefined ? { hotkeys } : { hotkeys, first }
  })
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
      const [ahead, behind] = a === hotkey ? [aFirst, bFirst] : [bFirst, aFirst]
      return ahead - behind > firstErrors * Math.sqrt(ahead + behind)
    })
  )
}
