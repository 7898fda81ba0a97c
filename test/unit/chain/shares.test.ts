import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalShares, noShares, type Shares, shareOf } from '../../../src/chain/shares.ts'

const amounts = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const someShares: fc.Arbitrary<Shares> = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 21n }), fc.bigInt({ min: -40n, max: 10n }))
    .map(([mantissa, exponent]) => decimalShares(mantissa, exponent)),
  fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }).map((bits) => ({ numerator: bits, denominator: 1n << 64n })),
)

test('all of the shares are all of the stake, in either form', () => {
  fc.assert(
    fc.property(amounts, someShares, (total, shares) => {
      expect(shareOf(total, shares, shares)).toBe(total)
    }),
  )
  // One third, in decimal floats and in fixed point against each other.
  expect(shareOf(90n, decimalShares(1n, 0n), decimalShares(3n, 0n))).toBe(30n)
  expect(shareOf(90n, { numerator: 1n << 64n, denominator: 1n << 64n }, decimalShares(30n, -1n))).toBe(30n)
})

test('parts never add up to more than the whole', () => {
  fc.assert(
    fc.property(
      amounts,
      fc.bigInt({ min: 1n, max: 10n ** 18n }),
      fc.bigInt({ min: 1n, max: 10n ** 18n }),
      (total, a, b) => {
        const whole = decimalShares(a + b, -9n)
        const sum = shareOf(total, decimalShares(a, -9n), whole) + shareOf(total, decimalShares(b, -9n), whole)
        expect(sum <= total && sum >= total - 1n).toBe(true)
      },
    ),
  )
})

test('no shares are nothing', () => {
  expect(shareOf(5n, noShares, decimalShares(3n, 0n))).toBe(0n)
  expect(shareOf(5n, decimalShares(3n, 0n), noShares)).toBe(0n)
})

test("an exponent that is none of a chain's is refused before its power is computed", () => {
  for (const exponent of [2n ** 63n - 1n, 100_000_000n, -100_000_000n, -(2n ** 63n)]) {
    expect(() => decimalShares(1n, exponent)).toThrow(`exponent ${exponent} is none of a chain`)
    expect(decimalShares(0n, exponent)).toEqual(noShares)
  }
})
