import type { EpochInput } from '../../src/yuma/epochInput.ts'
import { packRows } from '../../src/yuma/sparseRows.ts'
import type { OracleInput } from './epochOracle.ts'

/** The oracle's plain lists as the shipped epoch takes them. */
export function epochInputOf(input: OracleInput): EpochInput {
  return {
    ...input,
    alphaStake: BigUint64Array.from(input.alphaStake),
    taoStake: BigUint64Array.from(input.taoStake),
    weights: packRows(input.weights, input.n),
    bonds: packRows(input.bonds, input.n),
  }
}
