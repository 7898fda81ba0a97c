/**
 * Probability that a standard normal variable is at most `x`, to about 1e-14: 1/2 + density(x) (x + x³/3 + x⁵/15 + …).
 *
 * @see Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11 (2004) 4
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) > 8.3) return x > 0 ? 1 : 0
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}
