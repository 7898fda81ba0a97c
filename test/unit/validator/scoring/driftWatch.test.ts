import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRng } from '../../../../src/base/random.ts'
import { addAnswers, windowAnswers } from '../../../../src/validator/scoring/addAnswers.ts'
import { alarm, driftOf } from '../../../../src/validator/scoring/driftWatch.ts'
import { answer, anyAnswer } from './answers.ts'

const bits = (rng: { bool(p: number): boolean }, n: number, p: number): number[] =>
  Array.from({ length: n }, () => (rng.bool(p) ? 1 : 0))

test('a deep fall is noticed, and where it began', () => {
  const { evidence, since } = driftOf([...Array(80).fill(1), ...Array(12).fill(0)])
  expect(evidence).toBeGreaterThan(alarm)
  expect(since).toBe(12)
})

test('steady miners of any skill set off an alarm in fewer than 2 of 100 runs of 200 answers', () => {
  const rng = makeRng('steady')
  for (const skill of [0.95, 0.9, 0.6, 0.3]) {
    let alarms = 0
    for (let run = 0; run < 200; run++) {
      const scores = bits(rng, 60, skill)
      for (let i = 0; i < 200; i++) {
        scores.push(rng.bool(skill) ? 1 : 0)
        if (driftOf(scores.slice(-windowAnswers)).evidence < alarm) continue
        alarms++
        break
      }
    }
    expect(alarms).toBeLessThan(4)
  }
})

test('a rise is no fall, and too little is no evidence', () => {
  expect(driftOf([...Array(80).fill(0), ...Array(40).fill(1)]).evidence).toBe(0)
  expect(driftOf([]).evidence).toBe(0)
  expect(driftOf(Array(20).fill(0)).evidence).toBe(0)
})

test('in whatever portions answers come, the same ones count', () => {
  fc.assert(
    fc.property(fc.array(anyAnswer, { maxLength: 300 }), fc.nat(300), (list, cut) => {
      const whole = addAnswers([], list)
      const first = addAnswers([], list.slice(0, cut))
      const second = addAnswers(first.kept, list.slice(cut))
      expect(second.kept).toEqual(whole.kept)
      expect(first.dropped.length + second.dropped.length + second.kept.length).toBe(list.length)
      expect(whole.kept.length).toBeLessThanOrEqual(windowAnswers)
    }),
    { numRuns: 30 },
  )
})

test('after a fall only what came since counts', () => {
  const good = Array.from({ length: 100 }, () => answer(1))
  const bad = Array.from({ length: 30 }, () => answer(0))
  const { kept, fell } = addAnswers(good, bad)
  expect(fell).toBe(true)
  expect(kept.length).toBeLessThanOrEqual(30)
  expect(kept.every(({ score }) => score === 0)).toBe(true)
})
