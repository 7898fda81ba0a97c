import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exp, ln, normalCdf } from '../../../src/engine/elementary.ts'

const nearly = (found: number, wanted: number): boolean =>
  Math.abs(found - wanted) <= 1e-13 * Math.max(1e-3, Math.abs(wanted))

describe('elementary functions', () => {
  it('ln and exp agree with the platform’s', () => {
    fc.assert(fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => nearly(ln(x), Math.log(x))))
    fc.assert(fc.property(fc.double({ min: -600, max: 600, noNaN: true }), (x) => nearly(exp(x) / Math.exp(x), 1)))
    expect([ln(0), ln(-1), ln(Infinity), ln(Number.NaN), exp(701), exp(Number.NaN)]).toEqual(Array(6).fill(Number.NaN))
    expect(exp(-701)).toBe(0)
  })

  // Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 26.1.
  it.each([
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [1.5, 0.933192798731142],
    [2, 0.977249868051821],
    [3, 0.99865010196837],
  ])('N(%d) = %d, and one less it on the other side', (x, probability) => {
    expect(normalCdf(x)).toBeCloseTo(probability, 14)
    expect(normalCdf(-x)).toBeCloseTo(1 - probability, 14)
  })
})
