import fc from 'fast-check'
import { expect, test } from 'vitest'
import { draftWeights } from '../../../src/validator/draftWeights.ts'

const noBound = { minAllowedWeights: 1 }
const scores = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1, noNaN: true })), {
  minLength: 1,
  maxLength: 40,
})

test('the best score gets 65535, the others their part of it, those without a score nothing', () => {
  expect(draftWeights([0, 0.5, 1, 0, 0.25], noBound)).toEqual({ uids: [1, 2, 4], values: [32_768, 65_535, 16_384] })
})

test('no score, no weights', () => {
  expect(draftWeights([0, 0, 0], noBound)).toBeUndefined()
  expect(draftWeights([], noBound)).toBeUndefined()
})

test('too few are filled up with weights of 0, as far as there are neurons', () => {
  expect(draftWeights([0, 0, 1, 0], { minAllowedWeights: 3 })).toEqual({
    uids: [2, 0, 1],
    values: [65_535, 0, 0],
  })
  expect(draftWeights([0, 1], { minAllowedWeights: 8 })!.uids).toEqual([1, 0])
})

test('what goes out passes the checks of the chain', () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 50 }), (list, minAllowedWeights) => {
      const weights = draftWeights(list, { minAllowedWeights })
      if (list.every((score) => score === 0)) expect(weights).toBeUndefined()
      else {
        const { uids, values } = weights!
        expect(new Set(uids).size).toBe(uids.length)
        expect(uids.every((uid) => uid < list.length)).toBe(true)
        expect(values).toHaveLength(uids.length)
        expect(Math.max(...values)).toBe(65_535)
        expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true)
        expect(uids.length).toBeGreaterThanOrEqual(Math.min(minAllowedWeights, list.length))
      }
    }),
  )
})
