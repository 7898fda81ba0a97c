import fc from 'fast-check'
import type { Rng } from '../../../../src/base/random.ts'
import type { ScoredAnswer } from '../../../../src/validator/scoring/scoredAnswer.ts'

/** A prompt answer without a confidence. */
export const answer = (score: number, more: Partial<ScoredAnswer> = {}): ScoredAnswer => ({
  round: 0,
  family: 'sums',
  kind: 'scored',
  score,
  chance: 0,
  lateness: 0,
  ...more,
})

/** `n` answers right with this probability. */
export const answers = (rng: Rng, n: number, skill: number, more: Partial<ScoredAnswer> = {}): ScoredAnswer[] =>
  Array.from({ length: n }, () => answer(rng.bool(skill) ? 1 : 0, more))

const unit = fc.double({ min: 0, max: 1, noNaN: true })

export const anyAnswer = fc.record({
  round: fc.nat(),
  family: fc.constant('sums'),
  kind: fc.constantFrom('scored' as const, 'failed' as const),
  score: unit,
  chance: fc.double({ min: 0, max: 0.5, noNaN: true }),
  confidence: unit,
  lateness: unit,
  covert: fc.boolean(),
})
