import { i32f32, larger, maxU16, smaller } from '../fixed/fixedFormat.ts'

/**
 * Scales weights so that the largest becomes 65,535, rounding halves away from zero.
 *
 * @param weights raw I32F32, not negative
 * @see facts: yuma-consensus.md, 5.9
 */
export function maxUpscale(weights: readonly bigint[]): number[] {
  const largest = weights.reduce(larger, 0n)
  if (largest === 0n) return weights.map(() => 0)
  const top = i32f32.fromInteger(maxU16)
  // Above the middle the factor comes first, so that the product cannot overflow.
  if (largest > i32f32.fromInteger(32768n)) {
    const factor = i32f32.safeDiv(top, largest)
    return weights.map((weight) => toU16(i32f32.mul(weight, factor)))
  }
  return weights.map((weight) => toU16(i32f32.safeDiv(i32f32.mul(weight, top), largest)))
}

/** What `set_weights` stores: its u16 values passed through `maxUpscale`. */
export function maxUpscaleU16(weights: readonly number[]): number[] {
  return maxUpscale(weights.map((weight) => i32f32.fromInteger(BigInt(weight))))
}

function toU16(raw: bigint): number {
  const rounded = i32f32.round(raw)
  return Number(smaller(rounded, maxU16))
}

/**
 * Whether no weight exceeds the limit once the row is normalised.
 *
 * @param limit u16 fraction of 65,535
 * @see subtensor `pallets/subtensor/src/epoch/math.rs` check_vec_max_limited
 */
export function isMaxLimited(weights: readonly number[], limit: number): boolean {
  const fixed = weights.map((weight) => i32f32.fromInteger(BigInt(weight)))
  const sum = fixed.reduce(i32f32.add, 0n)
  const largest = fixed.reduce(larger, 0n)
  const bound = i32f32.safeDiv(i32f32.fromInteger(BigInt(limit)), i32f32.fromInteger(maxU16))
  return i32f32.safeDiv(largest, sum) <= bound
}
