import { convertFixed, i96f32, smaller, u64f64 } from '../fixed/fixedFormat.ts'

/** Runtime default of the moving alpha, 0.000003 as raw I96F32. */
export const defaultMovingAlpha = 12885n
/** Runtime default of the halving blocks. */
export const defaultHalvingBlocks = 201_600n

/**
 * The next moving average of an alpha price. The spot price enters capped at 1.
 *
 * @param state.old raw I96F32 @param state.price raw U64F64, spot @param state.movingAlpha raw I96F32
 * @param state.blocksSinceStart `current_block - (first_emission_block - 1)`, saturating
 * @returns raw I96F32
 * @see facts: emission.md, 3.1
 */
export function movingPrice(state: {
  old: bigint
  price: bigint
  movingAlpha: bigint
  blocksSinceStart: bigint
  halvingBlocks: bigint
}): bigint {
  const blocks = u64f64.fromInteger(state.blocksSinceStart)
  const age = u64f64.safeDiv(blocks, u64f64.add(blocks, u64f64.fromInteger(state.halvingBlocks)))
  const alpha = u64f64.mul(convertFixed(state.movingAlpha, i96f32, u64f64), age)
  const price = smaller(state.price, u64f64.one)
  const kept = u64f64.mul(u64f64.sub(u64f64.one, alpha), convertFixed(state.old, i96f32, u64f64))
  return convertFixed(u64f64.add(u64f64.mul(alpha, price), kept), u64f64, i96f32)
}
