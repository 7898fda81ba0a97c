import type { Codec } from '@polkadot/types/types'
import { asBigint, field } from './values.ts'

/** A number of shares of a hotkey's stake, exactly. */
export interface Shares {
  readonly numerator: bigint
  readonly denominator: bigint
}

export const noShares: Shares = { numerator: 0n, denominator: 1n }

/** From a SafeFloat, mantissa × 10^exponent, which the chain has had since spec 401. */
export function sharesInFloat(value: Codec): Shares {
  return decimalShares(asBigint(field(value, 'mantissa')), asBigint(field(value, 'exponent')))
}

/** From a U64F64, which the chain had before. */
export function sharesInFixed(value: Codec): Shares {
  return { numerator: asBigint(field(value, 'bits')), denominator: 1n << 64n }
}

/** Shares have 21 digits and belong to 64-bit totals: no chain's exponents are anywhere near. */
const largestExponent = 1_000n

/** @throws RangeError for an exponent of a size that no chain has, whose power would take for ever */
export function decimalShares(mantissa: bigint, exponent: bigint): Shares {
  if (mantissa === 0n) return noShares
  if (exponent > largestExponent || exponent < -largestExponent) {
    throw new RangeError(`stake shares: exponent ${exponent} is none of a chain; try another node`)
  }
  return exponent >= 0n
    ? { numerator: mantissa * 10n ** exponent, denominator: 1n }
    : { numerator: mantissa, denominator: 10n ** -exponent }
}

/** total × part / whole, rounded down; 0 where there are no shares. @see facts: subtensor-chain.md, stake bookkeeping */
export function shareOf(total: bigint, part: Shares, whole: Shares): bigint {
  if (whole.numerator === 0n) return 0n
  return (total * part.numerator * whole.denominator) / (part.denominator * whole.numerator)
}
