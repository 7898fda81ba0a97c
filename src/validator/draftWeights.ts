import { quantiseWeights, type Weights } from '../chain/setWeights.ts'

export interface WeightRules {
  readonly minAllowedWeights: number
}

/**
 * Scores as the chain takes weights: at least `minAllowedWeights` uids, where need be with weights of 0, which pay nobody.
 * `MaxWeightsLimit` is not looked at: the chain limits shares no longer, whatever an old subnet has in storage.
 *
 * @param scores one per uid in order, not negative
 * @returns undefined where no score is above 0
 * @see facts: subtensor-chain.md, set_weights
 */
export function draftWeights(scores: readonly number[], rules: WeightRules): Weights | undefined {
  const { uids, values } = quantiseWeights(scores)
  if (uids.length === 0) return undefined
  const missing = Math.min(rules.minAllowedWeights, scores.length) - uids.length
  const known = new Set(uids)
  const padding = [...scores.keys()].filter((uid) => !known.has(uid)).slice(0, Math.max(0, missing))
  return { uids: [...uids, ...padding], values: [...values, ...padding.map(() => 0)] }
}
