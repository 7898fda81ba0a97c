import type { SafeFloatValue } from './types.ts'

/**
 * Decimal floats of the stake pools: mantissa × 10^exponent with 21 significant digits. Every operation is exact inside
 * and drops surplus digits by truncation.
 *
 * @see facts: emission.md, 7.4
 */

const digits = 21
const largestMantissa = 10n ** BigInt(digits)

export const zero: SafeFloatValue = { mantissa: 0n, exponent: 0n }

/** The value with its mantissa in (10^20, 10^21], surplus digits cut. */
export function normalise(mantissa: bigint, exponent: bigint): SafeFloatValue {
  if (mantissa <= 0n) return zero
  let shift = mantissa.toString().length - digits
  // 10^21 itself is the upper end of the range, not the lower end of the next.
  if (shift === 1 && mantissa === largestMantissa) shift = 0
  if (shift === 0) return { mantissa, exponent }
  if (shift < 0) return { mantissa: mantissa * 10n ** BigInt(-shift), exponent: exponent + BigInt(shift) }
  return { mantissa: mantissa / 10n ** BigInt(shift), exponent: exponent + BigInt(shift) }
}

export function fromInteger(value: bigint): SafeFloatValue {
  return normalise(value, 0n)
}

export function add(a: SafeFloatValue, b: SafeFloatValue): SafeFloatValue {
  if (a.mantissa === 0n) return b
  if (b.mantissa === 0n) return a
  const [large, small] = a.exponent >= b.exponent ? [a, b] : [b, a]
  const cut = small.mantissa / power10(large.exponent - small.exponent)
  return normalise(large.mantissa + cut, large.exponent)
}

/** a − b, not below zero. */
export function subtract(a: SafeFloatValue, b: SafeFloatValue): SafeFloatValue {
  if (b.mantissa === 0n) return a
  const exponent = a.exponent >= b.exponent ? a.exponent : b.exponent
  const left = a.mantissa / power10(exponent - a.exponent)
  const right = b.mantissa / power10(exponent - b.exponent)
  return normalise(left - right, exponent)
}

/** amount × share ÷ all, as a float. */
export function mulDiv(amount: bigint, share: SafeFloatValue, all: SafeFloatValue): SafeFloatValue {
  if (all.mantissa === 0n) return zero
  // Twice the precision in the quotient, so that only the final cut loses digits.
  const extra = largestMantissa * largestMantissa
  return normalise((amount * share.mantissa * extra) / all.mantissa, share.exponent - all.exponent - BigInt(2 * digits))
}

/** share × amount ÷ total, where `amount` and `total` are integers. */
export function scale(share: SafeFloatValue, amount: bigint, total: bigint): SafeFloatValue {
  if (total === 0n) return zero
  return normalise((share.mantissa * amount * largestMantissa) / total, share.exponent - BigInt(digits))
}

/** Rounded down to an integer. */
export function floor(value: SafeFloatValue): bigint {
  if (value.exponent >= 0n) return value.mantissa * 10n ** value.exponent
  return value.mantissa / power10(-value.exponent)
}

function power10(exponent: bigint): bigint {
  // Beyond two mantissas everything is cut anyway; the bound keeps hostile exponents cheap.
  return 10n ** (exponent > 80n ? 80n : exponent)
}
