import { divFixed } from '../fixed/unitKernel.ts'

/**
 * Trust of each neuron: its rank by clipped weights over its rank by the weights as they were set, raw I32F32; 0 where
 * it had none.
 *
 * @see subtensor `pallets/subtensor/src/epoch/run_epoch.rs` of early 2026, ranks, trust, incentive
 */
export function serverTrust(ranks: Float64Array, unclipped: Float64Array): Float64Array {
  return ranks.map((rank, uid) => (unclipped[uid] === 0 ? 0 : divFixed(rank, unclipped[uid]!)))
}

/**
 * `floor(65535 * share / highest share)`. Doubles are exact enough: a quotient of at most 65,535 differs from the next
 * integer by at least one over the highest share, 2^-32.
 *
 * @param combined shares of the emission, raw I32F32
 */
export function pruningScores(combined: Float64Array): Uint16Array {
  const highest = combined.reduce((most, share) => Math.max(most, share), 0)
  return Uint16Array.from(combined, (share) => (highest === 0 ? 0 : Math.floor((share * 65_535) / highest)))
}
