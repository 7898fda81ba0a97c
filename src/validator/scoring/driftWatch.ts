import { loss } from './loss.ts'

/** How strongly a miner's newest answers speak against its earlier ones. */
export interface Drift {
  /** Log likelihood ratio for a fall against none, in nats; 0 where nothing speaks for one. */
  readonly evidence: number
  /** How many of the newest answers are those of after the fall, if there was one. */
  readonly since: number
}

/** From here on a miner is asked more often. */
export const suspicion = 4.5
/** From here on its earlier answers no longer count: fewer than 1 in 100 steady miners come so far in 200 answers. */
export const alarm = 9.5

/** A fall is looked for among so many of the newest answers. */
const longestFall = 60
/** Nothing is said of a miner before it has so many earlier answers; its accuracy is not known yet. */
const leastKnown = 20

/**
 * Whether a miner has become worse: the generalised likelihood ratio of "one accuracy until k answers ago, a lower one
 * since" against "one accuracy", over all k. That the earlier accuracy is itself an estimate is part of the ratio, so the
 * thresholds hold for good and bad miners alike. Scores between 0 and 1 count in proportion.
 *
 * @param scores in [0, 1], the newest last
 * @see Lai, "Sequential changepoint detection in quality control and dynamical systems", JRSS B 57, 1995. What it
 *   notices and how often it is wrong is measured by `npm run sim`
 */
export function driftOf(scores: readonly number[]): Drift {
  const n = scores.length
  const total = scores.reduce((sum, score) => sum + score, 0)
  const one = loss(total, n)
  let best: Drift = { evidence: 0, since: 0 }
  let newest = 0
  for (let since = 1; since <= Math.min(longestFall, n - leastKnown); since++) {
    newest += scores[n - since]!
    const before = n - since
    if (newest * before >= (total - newest) * since) continue
    const evidence = one - loss(newest, since) - loss(total - newest, before)
    if (evidence > best.evidence) best = { evidence, since }
  }
  return best
}
