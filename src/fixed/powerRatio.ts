/** Fraction bits carried; the answer has at most 60 before the point matters, so about 200 are guard bits. */
const precision = 320n
const unit = 1n << precision
/** An answer this close under an integer is that integer: 2^-160 is far above the error and far below any real gap. */
const snap = 1n << 160n

/**
 * `floor((numerator / denominator)^(exponentNumerator / exponentDenominator) * scale)` for a positive ratio;
 * 0 where the numerator is 0.
 *
 * The chain gets the same integer from a library: by an exact root for small exponents, else by logarithm and
 * exponential to 256 bits or more.
 *
 * @see facts: emission.md, 4; subtensor `pallets/swap/src/pallet/balancer/mod.rs` exp_scaled
 * @throws RangeError where the denominator or the exponent's denominator is 0, or anything is negative
 */
export function powerRatio(
  base: { numerator: bigint; denominator: bigint },
  exponent: { numerator: bigint; denominator: bigint },
  scale: bigint,
): bigint {
  if (base.denominator <= 0n || exponent.denominator <= 0n || base.numerator < 0n || exponent.numerator < 0n) {
    throw new RangeError('powerRatio: the base must be a ratio >= 0 and the exponent a fraction >= 0')
  }
  if (base.numerator === 0n) return 0n
  if (exponent.numerator === 0n || base.numerator === base.denominator) return scale
  if (exponent.numerator === exponent.denominator) return (base.numerator * scale) / base.denominator
  const log = naturalLog(base.numerator) - naturalLog(base.denominator)
  const scaled = exponential((log * exponent.numerator) / exponent.denominator) * scale
  return (scaled + snap * scale) >> precision
}

const logOfTwo = atanhSeries(unit / 3n) * 2n

/** ln of a positive integer: mantissa in [1, 2) by the atanh series, the rest as multiples of ln 2. */
function naturalLog(integer: bigint): bigint {
  const doublings = BigInt(integer.toString(2).length - 1)
  const mantissa = (integer << precision) >> doublings
  return 2n * atanhSeries(((mantissa - unit) << precision) / (mantissa + unit)) + doublings * logOfTwo
}

/** atanh(z) = z + z^3/3 + z^5/5 + … for 0 <= z <= 1/3. */
function atanhSeries(z: bigint): bigint {
  const square = (z * z) >> precision
  let sum = 0n
  let power = z
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n
    power = (power * square) >> precision
  }
  return sum
}

/** e^x: x = k ln 2 + r with 0 <= r < ln 2, Taylor series for r, shift by k. */
function exponential(x: bigint): bigint {
  const doublings = x >= 0n ? x / logOfTwo : -((logOfTwo - 1n - x) / logOfTwo)
  const rest = x - doublings * logOfTwo
  let sum = 0n
  let term = unit
  for (let n = 1n; term !== 0n; n++) {
    sum += term
    term = ((term * rest) >> precision) / n
  }
  return doublings >= 0n ? sum << doublings : sum >> -doublings
}
