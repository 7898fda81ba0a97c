import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divFixed, mulFixed, quantiseU16, ratioU16 } from '../../../src/fixed/unitKernel.ts'
import { q16, ratio } from '../../oracle/fixedOracle.ts'

const floorShift = (a: number, b: number): bigint => (BigInt(a) * BigInt(b)) >> 32n
const one = 2 ** 32

/** Integers of every size, ends and powers of two among them. */
const integer = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 0, max }),
    fc.integer({ min: 0, max: 53 }).map((bits) => Math.min(max, 2 ** bits)),
    fc.tuple(fc.integer({ min: 0, max: 53 }), fc.integer({ min: -3, max: 3 })).map(([bits, off]) => {
      return Math.min(max, Math.max(0, 2 ** bits + off))
    }),
  )

describe('mulFixed floors', () => {
  test('any product below 2^84', () => {
    fc.assert(
      fc.property(integer(2 ** 53), integer(2 ** 53), fc.boolean(), (a, b, isNegative) => {
        if (BigInt(a) * BigInt(b) >= 1n << 84n) return
        const signed = isNegative ? -a : a
        expect(BigInt(mulFixed(signed, b))).toBe(floorShift(signed, b))
      }),
      { numRuns: 20_000 },
    )
  })

  test('products within a hair of a whole number, where the nearest double is that number', () => {
    // For an odd b there is an a with any low 32 bits of the product: a = low * b^-1 modulo 2^32.
    const odd = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((half) => 2 * half + 1)
    let corrected = 0
    fc.assert(
      fc.property(odd, fc.integer({ min: -4, max: 4 }), fc.integer({ min: 0, max: 2 ** 20 }), (b, low, high) => {
        const inverse = Number(inverseOf(BigInt(b)))
        const a = Number((BigInt(low) * BigInt(inverse)) & 0xffff_ffffn) + high * one
        const exact = floorShift(a, b)
        if (BigInt(Math.floor((a * b) / one)) !== exact) corrected++
        expect(BigInt(mulFixed(a, b))).toBe(exact)
        expect(BigInt(mulFixed(-a, b))).toBe(floorShift(-a, b))
      }),
      { numRuns: 20_000 },
    )
    // The plain formula is wrong for many of them.
    expect(corrected).toBeGreaterThan(100)
  })
})

/** Of an odd number modulo 2^32, by Newton's iteration. */
function inverseOf(b: bigint): bigint {
  let x = b
  for (let i = 0; i < 5; i++) x = (x * (2n - b * x)) & 0xffff_ffffn
  return x & 0xffff_ffffn
}

describe('divFixed floors', () => {
  test('any quotient below 2^52', () => {
    fc.assert(
      fc.property(integer(2 ** 52 - 1), integer(2 ** 53), (a, b) => {
        if (b === 0) return
        const exact = (BigInt(a) << 32n) / BigInt(b)
        if (exact >= 1n << 52n) return
        expect(BigInt(divFixed(a, b))).toBe(exact)
      }),
      { numRuns: 20_000 },
    )
  })

  test('quotients just below a whole number', () => {
    const divisor = fc.integer({ min: 1, max: 2 ** 48 })
    fc.assert(
      fc.property(divisor, fc.integer({ min: 1, max: one }), fc.integer({ min: -2, max: 2 }), (b, quotient, off) => {
        const a = Number((BigInt(quotient) * BigInt(b)) >> 32n) + off
        if (a < 0 || a >= 2 ** 52) return
        expect(BigInt(divFixed(a, b))).toBe((BigInt(a) << 32n) / BigInt(b))
      }),
      { numRuns: 20_000 },
    )
  })
})

test('every u16 as a ratio, and back', () => {
  for (let p = 0; p <= 65_535; p++) {
    const raw = ratioU16(p)
    if (BigInt(raw) !== ratio(p) || quantiseU16(raw) !== q16(BigInt(raw))) expect.unreachable(`ratioU16(${p})`)
  }
})

test('quantiseU16 cuts like the chain, out of range too', () => {
  fc.assert(
    fc.property(fc.oneof(integer(2 ** 33), fc.maxSafeInteger()), (raw) => {
      expect(quantiseU16(raw)).toBe(q16(BigInt(raw)))
    }),
    { numRuns: 5_000 },
  )
})
