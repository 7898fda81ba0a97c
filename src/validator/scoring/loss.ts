/** Negative log likelihood of `n` answers worth `sum` in all under their own mean. */
export function loss(sum: number, n: number): number {
  return -(term(sum, n) + term(n - sum, n))
}

function term(part: number, n: number): number {
  return part <= 0 ? 0 : part * Math.log(part / n)
}
