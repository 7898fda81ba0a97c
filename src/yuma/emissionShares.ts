import { divFixed } from '../fixed/unitKernel.ts'
import { normalise, sumOf } from './vector.ts'

/** Shares of the epoch's alpha by uid, raw I32F32. */
export interface EmissionShares {
  readonly server: Float64Array
  readonly validator: Float64Array
  readonly combined: Float64Array
}

/**
 * Step 9: incentive and dividends over their common sum. Where nobody earned anything, stake counts instead: the active
 * one, or, where there is none either, all of it.
 *
 * @see facts: yuma-consensus.md, 4 step 9
 */
export function emissionShares(
  incentive: Float64Array,
  dividends: Float64Array,
  activeStake: Float64Array,
  stake: Float64Array,
): EmissionShares {
  const combined = incentive.map((value, i) => value + dividends[i]!)
  const total = sumOf(combined)
  if (total === 0) {
    const fallback = activeStake.some((value) => value > 0) ? activeStake : stake
    return { server: incentive, validator: fallback, combined: fallback }
  }
  return {
    server: incentive.map((value) => divFixed(value, total)),
    validator: dividends.map((value) => divFixed(value, total)),
    combined: normalise(combined),
  }
}
