import { divFixed } from '../fixed/unitKernel.ts'

/** Plain sum. Raw values below 2^37 of up to 2^16 uids: exact. */
export function sumOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

/**
 * Divides a vector by its sum, in place; a vector of zeros stays. The result adds up to slightly less than 1, and the
 * next step divides by that real sum.
 *
 * @see facts: yuma-consensus.md, 5.1
 */
export function normalise(values: Float64Array): Float64Array {
  const sum = sumOf(values)
  if (sum === 0) return values
  for (let i = 0; i < values.length; i++) values[i] = divFixed(values[i]!, sum)
  return values
}
