import { describe, expect, it } from 'vitest'
import { brier, calibrationError, meanOf, shareOf } from '../../../../src/cli/eval/statistics.ts'

describe('shareOf', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published interval of %i in %i', (hits, count, low, high) => {
    const share = shareOf(hits, count)
    expect(share.low).toBeCloseTo(low, 4)
    expect(share.high).toBeCloseTo(high, 4)
    expect(share.share).toBe(hits / count)
  })

  it('knows nothing of no trials', () => {
    expect(shareOf(0, 0)).toEqual({ count: 0, share: 0, low: 0, high: 1 })
  })
})

describe('calibration', () => {
  it('is perfect where confidence is the truth, worst where it is the contrary', () => {
    const sure = [
      { confidence: 1, right: true },
      { confidence: 0, right: false },
    ]
    const contrary = sure.map(({ confidence, right }) => ({ confidence, right: !right }))
    expect([brier(sure), calibrationError(sure)]).toEqual([0, 0])
    expect([brier(contrary), calibrationError(contrary)]).toEqual([1, 1])
  })

  it('holds the share of right answers against the confidence in each tenth', () => {
    const half = Array.from({ length: 10 }, (_, i) => ({ confidence: 0.55, right: i < 5 }))
    expect(calibrationError(half)).toBeCloseTo(0.05)
    expect(brier(half)).toBeCloseTo(0.2525)
    const low = Array.from({ length: 10 }, () => ({ confidence: 0.15, right: false }))
    expect(calibrationError([...half, ...low])).toBeCloseTo(0.1)
  })

  it('of nothing is 0', () => {
    expect([brier([]), calibrationError([]), meanOf([])]).toEqual([0, 0, 0])
  })
})
