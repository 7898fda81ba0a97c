/*
 * I32F32 in plain BigInt, straight from yuma-consensus.md, sections 1 and 2. Shares no code with src, so that the two
 * check each other.
 */

export const ONE = 1n << 32n
const MIN = -(1n << 63n)
const MAX = (1n << 63n) - 1n

const clamp = (raw: bigint, min: bigint, max: bigint): bigint => (raw < min ? min : raw > max ? max : raw)

/** Math.min and Math.max do not take bigints. */
export const least = (...values: bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a))
export const most = (...values: bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a))

export const add = (a: bigint, b: bigint): bigint => clamp(a + b, MIN, MAX)
export const sub = (a: bigint, b: bigint): bigint => clamp(a - b, MIN, MAX)
/** BigInt shifts floor. */
export const mul = (a: bigint, b: bigint): bigint => clamp((a * b) >> 32n, MIN, MAX)
/** BigInt division truncates. */
export const satDiv = (a: bigint, b: bigint): bigint => clamp((a << 32n) / b, MIN, MAX)

export function safeDiv(a: bigint, b: bigint): bigint {
  if (b === 0n) return 0n
  const quotient = (a << 32n) / b
  return quotient < MIN || quotient > MAX ? 0n : quotient
}

export const ratio = (p: number): bigint => safeDiv(BigInt(p) << 32n, 65535n << 32n)

export const q16 = (x: bigint): number => Number(clamp(mul(x, 65535n << 32n) >> 32n, 0n, 65535n))

export const share = (x: bigint, amount: bigint): bigint => clamp((x * amount) >> 32n, 0n, (1n << 64n) - 1n)

export function expSafe(x: bigint): bigint {
  const limit = 20n * ONE
  const clamped = clamp(x, -limit, limit)
  if (clamped === 0n) return ONE
  if (clamped === ONE) return 22802600n << 9n
  const size = clamped < 0n ? -clamped : clamped
  let result = size + ONE
  let term = size
  for (let i = 2n; i <= 31n; i++) {
    term = satDiv(mul(term, size), i << 32n)
    result = add(result, term)
  }
  return clamped < 0n ? satDiv(ONE, result) : result
}

/** Total stake in I64F64, normalised there, cut to I32F32. */
export function stakeOracle(
  alpha: readonly bigint[],
  tao: readonly bigint[],
  taoWeight: bigint,
  keep: (total: bigint, i: number) => boolean,
): { total: bigint[]; normalised: bigint[] } {
  const weight = ((taoWeight << 32n) / ((1n << 64n) - 1n)) << 32n
  const raw = alpha.map((amount, i) => (amount << 64n) + (((tao[i]! << 64n) * weight) >> 64n))
  const kept = raw.map((value, i) => (keep(value >> 64n, i) ? value : 0n))
  const sum = kept.reduce((total, value) => total + value, 0n)
  return {
    total: raw.map((value) => value >> 64n),
    normalised: kept.map((value) => (sum === 0n ? 0n : (value << 64n) / sum) >> 32n),
  }
}
