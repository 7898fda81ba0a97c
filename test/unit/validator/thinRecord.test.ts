import { expect, test } from 'vitest'
import type { MinerRecord } from '../../../src/validator/store.ts'
import { isThin, leastAnswers } from '../../../src/validator/thinRecord.ts'

const rightAnswer = { round: 0, family: 'sums', kind: 'scored', score: 1, chance: 0 } as const

const record = (domains: readonly string[], answers: Readonly<Record<string, number>>): MinerRecord => ({
  domains,
  answers: new Map(
    Object.entries(answers).map(
      ([name, count]) => [name, Array.from({ length: count }, (_, id) => ({ ...rightAnswer, id }))] as const,
    ),
  ),
  scored: 0,
  failed: 0,
})
const asked = new Set(['law', 'medicine'])

test('a miner is thin until each domain that it declares and we ask has enough answers', () => {
  expect(isThin(record(['law'], {}), asked)).toBe(true)
  expect(isThin(record(['law'], { law: leastAnswers - 1 }), asked)).toBe(true)
  expect(isThin(record(['law'], { law: leastAnswers }), asked)).toBe(false)
  expect(isThin(record(['law', 'medicine'], { law: 200, medicine: 1 }), asked)).toBe(true)
  expect(isThin(record(['law', 'finance'], { law: leastAnswers }), asked)).toBe(false)
})

test('a miner that was never reached holds nobody up', () => {
  expect(isThin(undefined, asked)).toBe(false)
  expect(isThin(record([], {}), asked)).toBe(false)
})

test('a miner that has fallen holds nobody up with the few answers that are left', () => {
  expect(isThin({ ...record(['law'], { law: 3 }), fallen: 7 }, asked)).toBe(false)
})
