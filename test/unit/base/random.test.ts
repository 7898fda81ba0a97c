import { expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'

it('repeats itself for a seed', () => {
  const draws = (seed: string) => Array.from({ length: 5 }, (_, i) => makeRng(seed).fork(String(i)).float())
  expect(draws('a')).toEqual(draws('a'))
  expect(draws('a')).not.toEqual(draws('b'))
})

// Chi-square of an 8 x 8 table of pairs; with 63 degrees of freedom it exceeds 110 about once in 5,000 runs.
it.each([1, 2, 3, 10, 23])('seeds %d apart begin independently of each other', (apart) => {
  const count = 6400
  const first = Array.from({ length: count + apart }, (_, i) => makeRng(`seed/${i}`).int(0, 7))
  const table = Array.from({ length: 64 }, () => 0)
  for (let i = 0; i < count; i++) table[first[i]! * 8 + first[i + apart]!]!++
  const expected = count / 64
  const chiSquare = table.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0)
  expect(chiSquare).toBeLessThan(110)
})
