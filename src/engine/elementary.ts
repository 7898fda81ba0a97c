/*
 * Elementary functions from + - * / alone. IEEE 754 rounds those four the same everywhere, whereas Math.log and Math.exp
 * may differ in the last bit from one machine to another. Relative error below 1e-14.
 */

const halfLog2 = Math.LN2 / 2
/** Beyond it exp is no number that the calculator knows, or zero to all its digits. */
const largestExponent = 700
/** Beyond it the normal distribution's tail is lost in a double's last digit. */
const longestTail = 8.3

/** Natural logarithm; NaN where `x` is not a positive finite number. */
export function ln(x: number): number {
  if (!(x > 0 && x < Infinity)) return Number.NaN
  let mantissa = x
  let doublings = 0
  // Doubling and halving are exact.
  for (; mantissa > Math.SQRT2; doublings++) mantissa /= 2
  for (; mantissa < Math.SQRT1_2; doublings--) mantissa *= 2
  const ratio = (mantissa - 1) / (mantissa + 1)
  const square = ratio * ratio
  let sum = 0
  // 2 (z + z³/3 + z⁵/5 + …) with |z| < 0.172.
  for (let power = 25; power >= 1; power -= 2) sum = sum * square + 1 / power
  return 2 * ratio * sum + doublings * Math.LN2
}

/** e^x; 0 below -700, NaN above 700. */
export function exp(x: number): number {
  if (!(x <= largestExponent)) return Number.NaN
  if (x < -largestExponent) return 0
  let rest = x
  let doublings = 0
  for (; rest > halfLog2; doublings++) rest = x - (doublings + 1) * Math.LN2
  for (; rest < -halfLog2; doublings--) rest = x - (doublings - 1) * Math.LN2
  let sum = 1
  // Taylor's series with |rest| < 0.35.
  for (let term = 16; term >= 1; term--) sum = 1 + (rest / term) * sum
  for (let left = doublings; left > 0; left--) sum *= 2
  for (let left = doublings; left < 0; left++) sum /= 2
  return sum
}

/** Probability that a standard normal variable is at most `x`; absolute error below 1e-14. */
export function normalCdf(x: number): number {
  if (x > longestTail) return 1
  if (x < -longestTail) return 0
  let term = x
  let sum = x
  // 1/2 + density(x) (x + x³/3 + x⁵/(3·5) + …), all terms of one sign.
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + (sum * exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}
