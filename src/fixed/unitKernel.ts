/**
 * I32F32 for the epoch's inner loops: raw values held as integers in doubles, exact, without `bigint`.
 *
 * Nearly everything in an epoch lies in [0, 1], raw 0 to 2^32; stored weights and bonds are u16 shifted to raw < 2^48 and
 * multiples of 2^32; sums of up to 2^12 of those stay below 2^60 and are multiples of 2^32. All of these are exact as
 * doubles, and so are their sums. Products and quotients are not, but the double nearest to one can differ from it in its
 * floor only where it is itself an integer (rounding is monotonic and an integer rounds to itself). That is rare, and
 * then the low 32 bits of an exact integer product tell on which side the true value lies.
 *
 * Saturation never happens within the ranges below: results stay under 2^52, the type holds 2^63.
 */

/** Raw I32F32 of 1. */
export const one = 2 ** 32

/**
 * `floor(a * b / 2^32)`, negative products included.
 *
 * Exact for integers |a|, |b| <= 2^53 with |a * b| < 2^84: the quotient is under 2^52, so the double's error is below a
 * half, and `imul` gives the fraction bits of the true product.
 */
export function mulFixed(a: number, b: number): number {
  const nearest = (a * b) / one
  const floor = Math.floor(nearest)
  return floor === nearest && Math.imul(a, b) < 0 ? floor - 1 : floor
}

/**
 * `floor(a * 2^32 / b)` for a >= 0, b > 0, both integers exact as doubles. Zero divisors are the caller's to keep out.
 *
 * Exact for a < 2^52 and a quotient below 2^52: `floor * b` differs from `a * 2^32`, whose low 32 bits are 0, by at most
 * a * 2^32 / 2^53 < 2^31, so the signed low 32 bits of the product are that difference.
 */
export function divFixed(a: number, b: number): number {
  const nearest = (a * one) / b
  const floor = Math.floor(nearest)
  return floor === nearest && Math.imul(floor, b) > 0 ? floor - 1 : floor
}

/** `p / 65535` as I32F32, the chain's reading of a u16 parameter. */
export function ratioU16(p: number): number {
  return Math.floor((p * one) / 65535)
}

/**
 * The u16 a value is stored as: `floor(x * 65535 / 2^32)` within 0 and 65,535. Right for every integer x up to 2^53 in
 * size: below 2^37 the product is exact, above that the answer is the bound.
 */
export function quantiseU16(x: number): number {
  return Math.max(0, Math.min(Math.floor((x * 65535) / one), 65535))
}
