import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wilson } from '../../../../src/base/wilson.ts'
import type { Gold } from '../../../../src/domain/benchmarks/benchmark.ts'
import { mark } from '../../../../src/domain/benchmarks/mark.ts'
import { type Outcome, tally } from '../../../../src/domain/benchmarks/tally.ts'

const labels = ['yes', 'no', 'maybe']
const outcome = (label: string, said: string | undefined, elapsedMs = 10): Outcome => {
  const gold = { kind: 'label', label, labels } as const
  return { gold, mark: said === undefined ? undefined : mark(gold, `Answer: ${said}`), elapsedMs }
}

// Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('the interval of %i of %i', (successes, trials, low, high) => {
  const interval = wilson(successes, trials)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

test('an interval lies in [0, 1] around the share, and without trials it is all', () => {
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), (successes, failures) => {
      fc.pre(successes + failures > 0)
      const { low, high } = wilson(successes, successes + failures)
      const share = successes / (successes + failures)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(share + 1e-12)
      expect(high).toBeGreaterThanOrEqual(share - 1e-12)
    }),
  )
})

describe('five answers', () => {
  const outcomes = [
    outcome('yes', 'yes', 40),
    outcome('yes', 'no', 10),
    outcome('yes', 'yes', 20),
    outcome('no', 'no', 30),
    outcome('maybe', 'yes', 400),
  ]

  // By hand: recalls 2/3, 1, 0; F1 2·2/(3+3), 2·1/(1+2), 0.
  test.each([
    ['accuracy', 3 / 5],
    ['balanced accuracy', 5 / 9],
    ['macro-F1', 4 / 9],
    ['weighted F1', (3 / 5) * (2 / 3) + (1 / 5) * (2 / 3)],
  ] as const)('have the %s', (metric, value) => {
    expect(tally(outcomes, metric).value).toBeCloseTo(value, 12)
  })

  test('have baselines and times', () => {
    const { right, majority, chance, meanMs, medianMs, unparsed, unanswered } = tally(outcomes, 'accuracy')
    expect({ right, majority, meanMs, medianMs, unparsed, unanswered }).toEqual({
      right: 3,
      majority: 0.6,
      meanMs: 100,
      medianMs: 30,
      unparsed: 0,
      unanswered: 0,
    })
    expect(chance).toBeCloseTo(1 / 3, 12)
  })
})

test('what cannot be read and what is missing are wrong, and told apart', () => {
  const outcomes = [outcome('yes', 'perhaps', 50), outcome('yes', undefined, 0), outcome('yes', 'yes', 70)]
  expect(tally(outcomes, 'balanced accuracy')).toMatchObject({
    questions: 3,
    right: 1,
    value: 1 / 3,
    unparsed: 1,
    unanswered: 1,
    meanMs: 60,
  })
  expect(tally([outcome('yes', undefined)], 'accuracy').meanMs).toBeUndefined()
})

test('always saying the commonest label has the majority as accuracy and 1/K as balanced accuracy', () => {
  const outcomes = ['yes', 'yes', 'yes', 'no', 'maybe'].map((label) => outcome(label, 'yes'))
  const { accuracy, majority, value } = tally(outcomes, 'balanced accuracy')
  expect([accuracy, value]).toEqual([majority, 1 / 3])
})

test('F1 of lists is over all passages together; a missing answer misses its own', () => {
  const of = (spans: readonly string[], said: string | undefined): Outcome => {
    const gold: Gold = { kind: 'spans', spans, contained: false }
    return { gold, mark: said === undefined ? undefined : mark(gold, `Answer: ${said}`), elapsedMs: 1 }
  }
  // 2 hits, 2 misses, 1 false alarm.
  const outcomes = [of(['a b', 'c d'], 'a b | c d | e'), of(['f'], 'none'), of(['g'], undefined), of([], 'none')]
  expect(tally(outcomes, 'F1')).toMatchObject({ value: 4 / 7, right: 1, majority: 1 / 4 })
  expect(tally([of([], 'none')], 'F1').value).toBe(0)
})
