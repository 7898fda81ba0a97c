import { quantiseWeights, type Weights } from '../chain/setWeights.ts'

const one = 65_535

export interface WeightRules {
  readonly minAllowedWeights: number
  /** Largest share of one uid, of 65535; 65535 is no bound. */
  readonly maxWeightsLimit: number
}

/**
 * Scores as the chain takes weights: no share above the limit, and at least `minAllowedWeights` uids, where need be with
 * weights of 0, which pay nobody.
 *
 * @param scores one per uid in order, not negative
 * @returns undefined where no score is above 0
 * @see facts: subtensor-chain.md, set_weights
 */
export function draftWeights(scores: readonly number[], rules: WeightRules): Weights | undefined {
  const { uids, values } = quantiseWeights(capShares(scores, rules.maxWeightsLimit / one))
  if (uids.length === 0) return undefined
  const missing = Math.min(rules.minAllowedWeights, scores.length) - uids.length
  const known = new Set(uids)
  const padding = [...scores.keys()].filter((uid) => !known.has(uid)).slice(0, Math.max(0, missing))
  return { uids: [...uids, ...padding], values: [...values, ...padding.map(() => 0)] }
}

/**
 * Shares in which none is above `limit`: what is cut off the large ones goes to the others in their own proportions.
 * Where too few are above 0 for the limit to hold, all of those get the same.
 */
export function capShares(scores: readonly number[], limit: number): number[] {
  const positive = scores.filter((score) => score > 0).length
  const total = scores.reduce((sum, score) => sum + score, 0)
  if (limit >= 1 || positive === 0) return [...scores]
  if (positive * limit <= 1) return scores.map((score) => (score > 0 ? 1 : 0))
  const shares = scores.map((score) => score / total)
  const capped = new Set<number>()
  for (;;) {
    const over = [...shares.keys()].filter((uid) => !capped.has(uid) && shares[uid]! > limit)
    if (over.length === 0) return shares
    for (const uid of over) {
      capped.add(uid)
      shares[uid] = limit
    }
    const free = [...shares.keys()].filter((uid) => !capped.has(uid))
    const sum = free.reduce((part, uid) => part + scores[uid]!, 0)
    for (const uid of free) shares[uid] = (scores[uid]! / sum) * (1 - limit * capped.size)
  }
}
