/**
 * The chain's fixed-point types as raw integers in `bigint`: exact, for formulas that run a few times a block.
 * The epoch's inner loops use `unitKernel.ts` instead.
 *
 * Traps: multiplication floors and division truncates, which differ for negative numbers; `safeDiv` gives 0, not the
 * maximum, both for a zero divisor and for a quotient that does not fit.
 *
 * @see facts: yuma-consensus.md, 1
 */
export interface FixedFormat {
  readonly fractionBits: bigint
  /** Smallest and largest raw value. */
  readonly min: bigint
  readonly max: bigint
  /** The raw value of 1. */
  readonly one: bigint
  /** The nearest raw value that the type can hold. */
  clamp(raw: bigint): bigint
  /** An integer as a raw value, saturating. */
  fromInteger(integer: bigint): bigint
  /** Saturating. */
  add(a: bigint, b: bigint): bigint
  /** Saturating. */
  sub(a: bigint, b: bigint): bigint
  /** `floor(a * b / 2^f)`, saturating. */
  mul(a: bigint, b: bigint): bigint
  /** `floor(a * b / 2^f)`, or undefined where it does not fit. */
  checkedMul(a: bigint, b: bigint): bigint | undefined
  /** `trunc(a * 2^f / b)`, or undefined where it does not fit or `b` is 0. */
  checkedDiv(a: bigint, b: bigint): bigint | undefined
  /** `checkedDiv`, 0 where that fails. */
  safeDiv(a: bigint, b: bigint): bigint
  /** `trunc(a * 2^f / b)`, saturating. @throws RangeError for `b = 0`, where the chain panics */
  div(a: bigint, b: bigint): bigint
  /** The integer part, towards minus infinity. */
  floor(raw: bigint): bigint
  /** The nearest integer, halves away from zero. */
  round(raw: bigint): bigint
}

function makeFormat(integerBits: number, fractionBits: number, signed: boolean): FixedFormat {
  const f = BigInt(fractionBits)
  const valueBits = BigInt(integerBits + fractionBits - (signed ? 1 : 0))
  const max = (1n << valueBits) - 1n
  const min = signed ? -(1n << valueBits) : 0n
  const half = 1n << (f - 1n)
  const fits = (raw: bigint): boolean => raw >= min && raw <= max
  const clamp = (raw: bigint): bigint => (raw < min ? min : raw > max ? max : raw)
  const checkedDiv = (a: bigint, b: bigint): bigint | undefined => {
    if (b === 0n) return undefined
    const quotient = (a << f) / b
    return fits(quotient) ? quotient : undefined
  }
  return Object.freeze({
    fractionBits: f,
    min,
    max,
    one: 1n << f,
    clamp,
    fromInteger: (integer: bigint) => clamp(integer << f),
    add: (a: bigint, b: bigint) => clamp(a + b),
    sub: (a: bigint, b: bigint) => clamp(a - b),
    mul: (a: bigint, b: bigint) => clamp((a * b) >> f),
    checkedMul: (a: bigint, b: bigint) => {
      const product = (a * b) >> f
      return fits(product) ? product : undefined
    },
    checkedDiv,
    safeDiv: (a: bigint, b: bigint) => checkedDiv(a, b) ?? 0n,
    div: (a: bigint, b: bigint) => clamp((a << f) / b),
    floor: (raw: bigint) => raw >> f,
    round: (raw: bigint) => (raw < 0n ? -((half - raw) >> f) : (raw + half) >> f),
  })
}

/** Signed, 32 integer and 32 fractional bits: the working type of the epoch. */
export const i32f32 = makeFormat(32, 32, true)
/** Signed, 64 and 64: total stakes in the epoch. */
export const i64f64 = makeFormat(64, 64, true)
/** Signed, 96 and 32: block emission, stored moving price, root claims. */
export const i96f32 = makeFormat(96, 32, true)
/** Unsigned, 96 and 32: the working type of coinbase. */
export const u96f32 = makeFormat(96, 32, false)
/** Unsigned, 64 and 64: prices and shares. */
export const u64f64 = makeFormat(64, 64, false)

/** A raw value of one type as another: fraction bits are cut by an arithmetic shift (floor), the rest clamps. */
export function convertFixed(raw: bigint, from: FixedFormat, to: FixedFormat): bigint {
  const shift = to.fractionBits - from.fractionBits
  return to.clamp(shift >= 0n ? raw << shift : raw >> -shift)
}

export const maxU16 = 0xffffn
export const maxU64 = 0xffff_ffff_ffff_ffffn

/** `Math.min` does not take bigints. */
export function smaller(a: bigint, b: bigint): bigint {
  if (b < a) return b
  return a
}

/** `Math.max` does not take bigints. */
export function larger(a: bigint, b: bigint): bigint {
  if (b > a) return b
  return a
}

/** An integer cut to what a u64 holds: negative becomes 0, too large the maximum. */
export function clampU64(integer: bigint): bigint {
  return integer < 0n ? 0n : integer > maxU64 ? maxU64 : integer
}
