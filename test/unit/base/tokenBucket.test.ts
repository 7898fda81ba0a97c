import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from '../../../src/base/tokenBucket.ts'

test('no more than the capacity at once and the rate over time', () => {
  const bucket = new TokenBucket(3, 10, 0)
  expect([0, 0, 0, 0].map((at) => bucket.take(at))).toEqual([true, true, true, false])
  expect(bucket.take(99)).toBe(false)
  expect(bucket.take(100)).toBe(true)
  expect(bucket.take(100)).toBe(false)
  expect(bucket.take(60_000, 4)).toBe(false)
  expect(bucket.take(60_000, 3)).toBe(true)
})

test('whatever the demand, it grants at most capacity plus rate times time, and refuses only beyond it', () => {
  const demand = fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 5 })), { maxLength: 50 })
  fc.assert(
    fc.property(demand, (steps) => {
      const bucket = new TokenBucket(5, 20, 0)
      let nowMs = 0
      let granted = 0
      for (const [waitMs, amount] of steps) {
        nowMs += waitMs
        if (bucket.take(nowMs, amount)) granted += amount
        expect(granted).toBeLessThanOrEqual(5 + (nowMs * 20) / 1_000 + 1e-6)
      }
      // After a long rest it is full again.
      expect(bucket.take(nowMs + 1_000, 5)).toBe(true)
    }),
  )
})
