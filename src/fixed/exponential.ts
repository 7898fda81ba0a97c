import { i32f32 } from './fixedFormat.ts'

/** e and 1/ln 2 as the chain writes them: 23 fraction bits shifted into 32. */
const e = 22802600n << 9n
const log2e = 12102203n << 9n
const { one } = i32f32

/**
 * e^x of an I32F32 by the chain's series: terms 1 to 31, every product floored.
 *
 * @returns raw I32F32, or undefined where the series overflows
 * @see facts: yuma-consensus.md, 2
 */
export function exp(x: bigint): bigint | undefined {
  if (x === 0n) return one
  // Exactly 1 is the constant; minus 1 goes through the series.
  if (x === one) return e
  const size = x < 0n ? -x : x
  let sum: bigint | undefined = size + one
  let term: bigint | undefined = size
  for (let i = 2n; i <= 31n; i++) {
    term = i32f32.checkedMul(term, size)
    if (term === undefined) return undefined
    term /= i
    sum += term
    if (sum > i32f32.max) return undefined
  }
  return x < 0n ? i32f32.checkedDiv(one, sum) : sum
}

/** `exp` of x clamped into [-20, 20], where the series never overflows. */
export function expSafe(x: bigint): bigint {
  const bound = 20n * one
  const clamped = x < -bound ? -bound : x > bound ? bound : x
  return exp(clamped) ?? (clamped <= 0n ? 0n : i32f32.max)
}

/**
 * log2 of an I32F32, one bit of fraction a turn.
 *
 * @returns raw I32F32, or undefined for x <= 0
 * @see facts: yuma-consensus.md, 2
 */
export function log2(x: bigint): bigint | undefined {
  if (x <= 0n) return undefined
  if (x < one) {
    const inverse = i32f32.checkedDiv(one, x)
    const log = inverse === undefined ? undefined : log2(inverse)
    return log === undefined ? undefined : -log
  }
  const halve = (value: bigint): bigint => (value >> 1n) + (value & 1n)
  let rest = x
  let log = 0n
  while (rest >= 2n * one) {
    log++
    rest = halve(rest)
  }
  if (rest === one) return log << 32n
  for (let bit = 0; bit < 32; bit++) {
    rest = (rest * rest) >> 32n
    log <<= 1n
    if (rest >= 2n * one) {
      log |= 1n
      rest = halve(rest)
    }
  }
  return log
}

/** Natural logarithm of an I32F32; 0 where it has none, as the pallet has it. */
export function ln(x: bigint): bigint {
  const log = log2(x)
  return log === undefined ? 0n : i32f32.safeDiv(log, log2e)
}

/**
 * `1 / (1 + e^(-rho (x - kappa)))`. The epoch no longer calls it.
 *
 * @see facts: yuma-consensus.md, 2
 */
export function sigmoidSafe(x: bigint, rho: bigint, kappa: bigint): bigint {
  const slope = i32f32.mul(rho, -one)
  const power = expSafe(i32f32.mul(slope, i32f32.sub(x, kappa)))
  return i32f32.safeDiv(one, i32f32.add(one, power))
}
