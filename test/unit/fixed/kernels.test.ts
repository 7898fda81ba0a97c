import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logistic } from '../../../src/fixed/expKernel.ts'
import { exp, expSafe, ln, log2 } from '../../../src/fixed/exponential.ts'
import { i32f32, u64f64 } from '../../../src/fixed/fixedFormat.ts'
import { powerRatio } from '../../../src/fixed/powerRatio.ts'
import { type Fixed96, highOf, lowOf, scaleU64, setWords, shareOutU64, wordsOf } from '../../../src/fixed/u64Words.ts'
import { add, expSafe as expOracle, ONE, satDiv } from '../../oracle/fixedOracle.ts'

const u64 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.constantFrom(0n, 1n, (1n << 32n) - 1n, 1n << 32n, (1n << 64n) - 1n),
)
const logisticOracle = (z: bigint): bigint => satDiv(ONE, add(ONE, expOracle(z)))

describe('the logistic function', () => {
  test('on both sides of every place where the way it is computed changes', () => {
    for (const whole of [-21, -20, -12, -1, 0, 1, 12, 20, 21]) {
      for (let off = -3; off <= 3; off++) {
        const z = whole * 2 ** 32 + off
        expect(BigInt(logistic(z)), `${whole} + ${off}`).toBe(logisticOracle(BigInt(z)))
      }
    }
  })

  test('anywhere, the range above 12 in two words included', () => {
    const z = fc.oneof(
      fc.integer({ min: -(22 * 2 ** 32), max: 22 * 2 ** 32 }),
      fc.integer({ min: 12 * 2 ** 32, max: 20 * 2 ** 32 }),
      fc.maxSafeInteger(),
    )
    fc.assert(
      fc.property(z, (raw) => {
        expect(BigInt(logistic(raw))).toBe(logisticOracle(BigInt(raw)))
        expect(BigInt(logistic(-raw))).toBe(logisticOracle(BigInt(-raw)))
      }),
      { numRuns: 4_000 },
    )
  })
})

describe('exponential and logarithm', () => {
  test('expSafe is the series of the oracle', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -25n * ONE, max: 25n * ONE }), (x) => {
        expect(expSafe(x)).toBe(expOracle(x))
      }),
      { numRuns: 2_000 },
    )
  })

  test('exp overflows where I32F32 ends, log2 has no value up to 0', () => {
    expect(exp(25n * ONE)).toBe(undefined)
    expect(log2(0n)).toBe(undefined)
    expect(log2(-ONE)).toBe(undefined)
    // The inverse of 2^-31 does not fit.
    expect(log2(ONE >> 31n)).toBe(undefined)
    for (let power = -30n; power <= 30n; power++)
      expect(log2(power < 0n ? ONE >> -power : ONE << power)).toBe(power * ONE)
  })

  test('ln and log2 are within a few units of the real ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 2 ** 52 }), (raw) => {
        const x = raw / 2 ** 32
        expect(Math.abs(Number(log2(BigInt(raw))) / 2 ** 32 - Math.log2(x))).toBeLessThan(1e-4)
        // The constant 1/ln 2 is cut to 23 bits.
        expect(Math.abs(Number(ln(BigInt(raw))) / 2 ** 32 - Math.log(x))).toBeLessThan(1e-4)
      }),
    )
  })
})

describe('u64 in words', () => {
  test('hold what the BigUint64Array holds', () => {
    fc.assert(
      fc.property(fc.array(u64, { minLength: 1, maxLength: 5 }), (values) => {
        const array = BigUint64Array.from(values)
        const words = wordsOf(array)
        const copy = new BigUint64Array(values.length)
        for (const i of values.keys()) setWords(wordsOf(copy), i, highOf(words, i), lowOf(words, i))
        expect([...copy]).toEqual(values)
      }),
    )
  })

  test('times a factor of up to one are exact', () => {
    const factor = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 32 }),
      fc.constantFrom(0, 1, 0xffff, 0x10000, 2 ** 32 - 1, 2 ** 32),
    )
    fc.assert(
      fc.property(u64, factor, (amount, by) => {
        const out: Fixed96 = [0, 0, 0]
        scaleU64(Number(amount >> 32n), Number(amount & 0xffff_ffffn), by, out)
        expect((BigInt(out[2]) << 64n) | (BigInt(out[1]) << 32n) | BigInt(out[0])).toBe(amount * BigInt(by))
        expect(shareOutU64(amount, Float64Array.of(by))[0]).toBe((amount * BigInt(by)) >> 32n)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('fixed formats', () => {
  const raw = fc.oneof(
    fc.bigInt({ min: i32f32.min, max: i32f32.max }),
    fc.constantFrom(0n, 1n, -1n, ONE, -ONE, i32f32.min, i32f32.max),
  )

  test('multiplication floors, division truncates, both end at the type’s ends', () => {
    const within = (value: bigint): boolean => value >= i32f32.min && value <= i32f32.max
    fc.assert(
      fc.property(raw, raw, (a, b) => {
        const product = (a * b) / ONE - ((a * b) % ONE < 0n ? 1n : 0n)
        expect(i32f32.checkedMul(a, b)).toBe(within(product) ? product : undefined)
        expect(i32f32.mul(a, b)).toBe(i32f32.clamp(product))
        if (b === 0n) {
          expect(i32f32.safeDiv(a, b)).toBe(0n)
          expect(() => i32f32.div(a, b)).toThrow(RangeError)
          return
        }
        const quotient = (a * ONE) / b
        expect(i32f32.checkedDiv(a, b)).toBe(within(quotient) ? quotient : undefined)
        expect(i32f32.safeDiv(a, b)).toBe(within(quotient) ? quotient : 0n)
        expect(i32f32.div(a, b)).toBe(i32f32.clamp(quotient))
      }),
      { numRuns: 2_000 },
    )
  })

  test('rounding takes halves away from zero, unsigned formats stop at zero', () => {
    expect([3n, -3n, 1n, -1n, 5n].map((halves) => i32f32.round((halves * ONE) / 2n))).toEqual([2n, -2n, 1n, -1n, 3n])
    expect([-1n, 1n].map(i32f32.floor)).toEqual([-1n, 0n])
    expect(u64f64.sub(1n, 2n)).toBe(0n)
  })
})

test('powerRatio is the floor of the exact power', () => {
  const big = fc.bigInt({ min: 1n, max: (1n << 60n) - 1n })
  fc.assert(
    fc.property(big, big, fc.bigInt({ min: 1n, max: 4n }), fc.bigInt({ min: 1n, max: 4n }), (a, b, p, q) => {
      const [numerator, denominator] = a < b ? [a, b] : [b, a]
      const scale = 10n ** 18n
      const found = powerRatio({ numerator, denominator }, { numerator: p, denominator: q }, scale)
      // found^q <= (numerator / denominator)^p * scale^q < (found + 1)^q
      const bound = numerator ** p * scale ** q
      expect(found ** q * denominator ** p <= bound).toBe(true)
      expect((found + 1n) ** q * denominator ** p > bound).toBe(true)
    }),
    { numRuns: 200 },
  )
  expect(powerRatio({ numerator: 0n, denominator: 3n }, { numerator: 1n, denominator: 2n }, 10n)).toBe(0n)
  expect(() => powerRatio({ numerator: 1n, denominator: 0n }, { numerator: 1n, denominator: 1n }, 1n)).toThrow(
    RangeError,
  )
})
