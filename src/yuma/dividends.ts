import { mulFixed } from '../fixed/unitKernel.ts'
import { weightedRowSums } from './rowProducts.ts'
import type { FixedRows } from './sparseRows.ts'
import { normalise } from './vector.ts'

/** Yuma 2: a validator earns its bond shares in what the miners earn. @see facts: yuma-consensus.md, 4 step 8 */
export function dividendsYuma2(shares: FixedRows, incentive: Float64Array): Float64Array {
  return normalise(weightedRowSums(shares, incentive))
}

/** Yuma 3: the same, times its active stake. */
export function dividendsYuma3(shares: FixedRows, incentive: Float64Array, activeStake: Float64Array): Float64Array {
  const earned = weightedRowSums(shares, incentive)
  for (let i = 0; i < earned.length; i++) earned[i] = mulFixed(earned[i]!, activeStake[i]!)
  return normalise(earned)
}
