import { divFixed, mulFixed, one } from './unitKernel.ts'

/**
 * e^x and the logistic function of raw I32F32 in doubles, to the same bits as `expSafe` in `exponential.ts`.
 *
 * Up to |x| = 12 no term exceeds 12^12/12! < 2^15, so terms stay under 2^47 raw, their products with x under 2^83 and the
 * sum under 2^50: within the kernel's ranges. Above, terms are kept as two words of 32 bits.
 */
const wordsFrom = 12 * one
const bound = 20 * one
/** The chain's constant for e^1; the series is not used there. */
const e = 22802600 * 512
const two16 = 2 ** 16

/**
 * `1 / (1 + e^z)` with z clamped into [-20, 20].
 *
 * @param z raw I32F32, an integer below 2^53 in size
 * @returns raw I32F32 in (0, 1)
 * @see facts: yuma-consensus.md, 2 and 5.10
 */
export function logistic(z: number): number {
  const x = Math.max(-bound, Math.min(z, bound))
  if (x === 0) return one / 2
  if (x === one) return divFixed(one, one + e)
  const size = Math.abs(x)
  if (size > wordsFrom) return logisticWords(size, x < 0)
  let sum = size + one
  let term = size
  // A term of 0 stays 0, so stopping there changes nothing.
  for (let i = 2; i <= 31 && term !== 0; i++) {
    // Both below 2^53, so a floored double quotient is exact.
    term = Math.floor(mulFixed(term, size) / i)
    sum += term
  }
  return divFixed(one, one + (x < 0 ? divFixed(one, sum) : sum))
}

function logisticWords(size: number, negative: boolean): number {
  const sizeHigh = Math.floor(size / two16)
  const sizeLow = size - sizeHigh * two16
  let termHigh = Math.floor(size / one)
  let termLow = size - termHigh * one
  let sumHigh = termHigh + 1
  let sumLow = termLow
  for (let i = 2; i <= 31; i++) {
    // term * size / 2^32 in words: termHigh < 2^26, size < 2^37, so each partial product stays under 2^53.
    const upper = termHigh * sizeHigh
    const upperHigh = Math.floor(upper / two16)
    const low = (upper - upperHigh * two16) * two16 + termHigh * sizeLow + mulFixed(termLow, size)
    const carry = Math.floor(low / one)
    const high = upperHigh + carry
    // Divided by i, the remainder of the upper word carried down.
    termHigh = Math.floor(high / i)
    termLow = Math.floor(((high - termHigh * i) * one + (low - carry * one)) / i)
    sumLow += termLow
    const over = sumLow >= one ? 1 : 0
    sumLow -= over * one
    sumHigh += termHigh + over
  }
  if (!negative) return inverseWords(sumHigh + 1, sumLow)
  return divFixed(one, one + inverseWords(sumHigh, sumLow))
}

/** `floor(2^64 / (high * 2^32 + low))` for a divisor from 2^49 to 2^62, so a quotient of at most 2^15. */
function inverseWords(high: number, low: number): number {
  const estimate = Math.floor((one * one) / (high * one + low)) + 1
  // The estimate is at most one off; step down to the largest quotient whose product is no more than 2^64.
  for (let quotient = estimate; ; quotient--) {
    const lower = quotient * low
    const carry = Math.floor(lower / one)
    const upper = quotient * high + carry
    if (upper < one || (upper === one && lower === carry * one)) return quotient
  }
}
