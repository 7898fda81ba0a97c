import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import {
  type AnswerScore,
  addAnswer,
  type DomainAverage,
  domainScore,
  minerScore,
  windowAnswers,
} from '../../../src/validator/scoreBook.ts'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const answer: fc.Arbitrary<AnswerScore> = fc.record({
  score: unit,
  chance: fc.double({ min: 0, max: 0.99, noNaN: true }),
})
const answers = fc.array(answer, { minLength: 1, maxLength: 300 })

function averageOf(list: readonly AnswerScore[]): DomainAverage {
  return list.reduce<DomainAverage | undefined>(addAnswer, undefined)!
}

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length

test('up to the window an average is the exact mean, of scores and chances over the same answers', () => {
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: windowAnswers }), (list) => {
      const { answers: count, accuracy, chance } = averageOf(list)
      expect(count).toBe(list.length)
      expect(accuracy).toBeCloseTo(mean(list.map(({ score }) => score)), 9)
      expect(chance).toBeCloseTo(mean(list.map((one) => one.chance)), 9)
    }),
  )
})

test('whatever the answers, averages and scores stay in their ranges', () => {
  fc.assert(
    fc.property(answers, (list) => {
      const average = averageOf(list)
      expect(average.accuracy).toBeGreaterThanOrEqual(0)
      expect(average.accuracy).toBeLessThanOrEqual(1 + 1e-12)
      expect(average.chance).toBeLessThan(1)
      expect(domainScore(average)).toBeGreaterThanOrEqual(0)
      expect(domainScore(average)).toBeLessThanOrEqual(1 + 1e-9)
    }),
  )
})

test('a better answer never makes a lower score', () => {
  fc.assert(
    fc.property(answers, fc.nat(), unit, (list, at, better) => {
      const i = at % list.length
      const raised = list.with(i, { ...list[i]!, score: Math.max(list[i]!.score, better) })
      expect(domainScore(averageOf(raised))).toBeGreaterThanOrEqual(domainScore(averageOf(list)) - 1e-9)
    }),
  )
})

test('behind the window old answers fade: after two windows of wrong answers a perfect past is worth a seventh', () => {
  let average = averageOf(Array.from({ length: windowAnswers }, () => ({ score: 1, chance: 0 })))
  expect(average.accuracy).toBe(1)
  for (let i = 0; i < 2 * windowAnswers; i++) average = addAnswer(average, { score: 0, chance: 0 })
  expect(average.accuracy).toBeGreaterThan(0.12)
  expect(average.accuracy).toBeLessThan(0.14)
})

test('guessing earns nothing and being right all the time earns 1, whatever the chance of a guess', () => {
  expect(domainScore({ answers: 9, accuracy: 0.5, chance: 0.5 })).toBe(0)
  expect(domainScore({ answers: 9, accuracy: 0.3, chance: 0.5 })).toBe(0)
  expect(domainScore({ answers: 9, accuracy: 1, chance: 0.5 })).toBe(1)
  expect(domainScore({ answers: 9, accuracy: 0.75, chance: 0.5 })).toBe(0.5)
  expect(domainScore(undefined)).toBe(0)
})

test('a miner is worth the mean over the domains that it declares; an unanswered one counts 0, a repeated one once', () => {
  const averages = new Map<string, DomainAverage>([
    ['law', { answers: 40, accuracy: 1, chance: 0.25 }],
    ['medicine', { answers: 40, accuracy: 0.5, chance: 0 }],
  ])
  expect(minerScore(['law'], averages)).toBe(1)
  expect(minerScore(['law', 'medicine'], averages)).toBe(0.75)
  expect(minerScore(['law', 'medicine', 'finance'], averages)).toBe(0.5)
  expect(minerScore(['law', 'law', 'medicine'], averages)).toBe(0.75)
  expect(minerScore([], averages)).toBe(0)
  expect(minerScore(['finance'], averages)).toBe(0)
})

test('40 answers tell an expert of 90 % from a novice of 50 % in 999 of 1,000 cases', () => {
  const rng = makeRng('experts and novices')
  const scoreOf = (accuracy: number): number =>
    domainScore(averageOf(Array.from({ length: 40 }, () => ({ score: rng.bool(accuracy) ? 1 : 0, chance: 0.2 }))))
  let mistaken = 0
  for (let i = 0; i < 1_000; i++) if (scoreOf(0.9) <= scoreOf(0.5)) mistaken++
  expect(mistaken).toBeLessThanOrEqual(1)
})
