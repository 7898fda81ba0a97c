import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRng } from '../../../../src/base/random.ts'
import { calibrationShare, domainScore, speedShare } from '../../../../src/validator/scoring/domainScore.ts'
import { minerScore } from '../../../../src/validator/scoring/minerScore.ts'
import { answer, answers, anyAnswer } from './answers.ts'

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length

test('whatever the answers, every step stays in its range', () => {
  fc.assert(
    fc.property(fc.array(anyAnswer, { maxLength: 60 }), (list) => {
      const { accuracy, skill, sure, brier, calibrationFactor, speedFactor, score } = domainScore(list)
      for (const x of [accuracy, skill, sure, brier, score]) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(1 + 1e-12)
      }
      expect(sure).toBeLessThanOrEqual(skill)
      expect(calibrationFactor).toBeGreaterThanOrEqual(1 - calibrationShare)
      expect(speedFactor).toBeGreaterThanOrEqual(1 - speedShare)
    }),
  )
})

test('a right answer in place of a wrong one never makes a lower score', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }), fc.nat(), (list, at) => {
      const scores = list.map((right) => (right ? 1 : 0))
      const better = scores.with(at % scores.length, 1)
      const scoreOf = (all: readonly number[]): number => domainScore(all.map((score) => answer(score))).score
      expect(scoreOf(better)).toBeGreaterThanOrEqual(scoreOf(scores) - 1e-12)
    }),
  )
})

test('nothing heard is worth nothing; all right for long is worth nearly all', () => {
  expect(domainScore([]).score).toBe(0)
  const perfect = domainScore(Array.from({ length: 200 }, () => answer(1, { confidence: 1 })))
  expect(perfect.score).toBeGreaterThan(0.99)
})

test('who guesses earns next to nothing, on average over many guessers and from its first answers on', () => {
  const rng = makeRng('guessers')
  for (const n of [16, 50, 200]) {
    const earned = mean(Array.from({ length: 400 }, () => domainScore(answers(rng, n, 0.5, { chance: 0.5 })).score))
    const novice = mean(Array.from({ length: 400 }, () => domainScore(answers(rng, n, 0.75, { chance: 0.5 })).score))
    expect(earned).toBeLessThan(novice / 10)
  }
})

test('a newcomer is paid what it will be paid later, give or take a tenth', () => {
  const rng = makeRng('newcomers')
  for (const skill of [0.5, 0.8, 0.95]) {
    const early = mean(Array.from({ length: 400 }, () => domainScore(answers(rng, 20, skill)).score))
    const late = mean(Array.from({ length: 400 }, () => domainScore(answers(rng, 200, skill)).score))
    expect(Math.abs(early / late - 1)).toBeLessThan(0.1)
  }
})

test('the expected score is highest for the confidence that a miner really has, and silence is not better', () => {
  const scoreOf = (confidence: number | undefined): number => {
    const about = confidence === undefined ? {} : { confidence }
    return domainScore(Array.from({ length: 100 }, (_, i) => answer(i < 80 ? 1 : 0, about))).score
  }
  const honest = scoreOf(0.8)
  for (const other of [0, 0.3, 0.6, 0.75, 0.85, 1, undefined]) expect(scoreOf(other)).toBeLessThan(honest)
})

test('speed is a small weight: an answer at the last moment costs a twentieth, one in the first quarter nothing', () => {
  const scoreOf = (lateness: number): number =>
    domainScore(Array.from({ length: 100 }, () => answer(1, { lateness }))).score
  expect(scoreOf(0.25)).toBe(scoreOf(0))
  expect(scoreOf(1) / scoreOf(0)).toBeCloseTo(1 - speedShare, 9)
})

test('40 answers tell an expert of 90 % from a novice of 50 % in 999 of 1,000 cases', () => {
  const rng = makeRng('experts and novices')
  let mistaken = 0
  for (let i = 0; i < 1_000; i++) {
    const [expert, novice] = [0.9, 0.5].map((skill) => domainScore(answers(rng, 40, skill, { chance: 0.2 })).score)
    if (expert! <= novice!) mistaken++
  }
  expect(mistaken).toBeLessThanOrEqual(1)
})

test('a miner that does worse when it cannot tell who asks is worth what it gives app builders', () => {
  const open = Array.from({ length: 60 }, () => answer(1))
  const covert = Array.from({ length: 20 }, () => answer(0, { covert: true }))
  expect(domainScore([...open, ...covert]).score).toBe(0)
  const rng = makeRng('honest')
  let believedLess = 0
  for (let i = 0; i < 500; i++) {
    const list = [...answers(rng, 60, 0.8), ...answers(rng, 20, 0.8, { covert: true })]
    if (domainScore(list).answers < list.length) believedLess++
  }
  expect(believedLess).toBeLessThanOrEqual(2)
})

test('a miner is worth the sum over its domains by their shares; what it does not declare costs nothing', () => {
  const asked = new Set(['law', 'medicine', 'finance'])
  const right = Array.from({ length: 200 }, () => answer(1, { confidence: 1 }))
  const all = new Map([...asked].map((domain) => [domain, right]))
  const full = domainScore(right).score
  expect(minerScore(asked, ['law'], all).score).toBeCloseTo(full / 3, 9)
  expect(minerScore(asked, ['law', 'law', 'medicine', 'cooking'], all).score).toBeCloseTo((2 * full) / 3, 9)
  expect(minerScore(asked, [...asked], all).score).toBeCloseTo(full, 9)
  expect(minerScore(asked, ['law'], all, { law: 2, medicine: 0 }).score).toBeCloseTo((2 * full) / 3, 9)
  expect(minerScore(asked, ['law'], new Map()).score).toBe(0)
})

test('a miner that serves validators first is as slow as its app builders find it', () => {
  const lateTo = (covertLateness: number) =>
    domainScore(
      Array.from({ length: 80 }, (_, i) => {
        const covert = i % 4 === 0
        return answer(1, { covert, lateness: covert ? covertLateness : 0 })
      }),
    ).speedFactor
  expect(lateTo(0)).toBe(1)
  expect(lateTo(1)).toBeCloseTo(1 - speedShare, 12)
})
