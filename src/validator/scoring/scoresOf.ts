import { type Drift, driftOf } from './driftWatch.ts'
import type { ScoredAnswer } from './scoredAnswer.ts'

/** Lists of answers are replaced, never changed, so what was found of one stays true as long as it is used. */
const scores = new WeakMap<readonly ScoredAnswer[], readonly number[]>()
const means = new WeakMap<readonly ScoredAnswer[], number>()
const drifts = new WeakMap<readonly ScoredAnswer[], Drift>()

/** The scores of these answers, in order. Found once: a round of 256 miners asks for 50,000 scores several times. */
export function scoresOf(answers: readonly ScoredAnswer[]): readonly number[] {
  const known = scores.get(answers)
  if (known !== undefined) return known
  const found = answers.map(({ score }) => score)
  scores.set(answers, found)
  return found
}

/** A newcomer's accuracy, before it is known. */
const unknownAccuracy = 0.5

/** Mean score of these answers, in [0, 1]. */
export function accuracyOf(answers: readonly ScoredAnswer[]): number {
  if (answers.length === 0) return unknownAccuracy
  const known = means.get(answers)
  if (known !== undefined) return known
  const found = scoresOf(answers).reduce((sum, score) => sum + score, 0) / answers.length
  means.set(answers, found)
  return found
}

/** Whether these answers show that the miner has become worse; see `driftOf`. */
export function driftOfAnswers(answers: readonly ScoredAnswer[]): Drift {
  const known = drifts.get(answers)
  if (known !== undefined) return known
  const found = driftOf(scoresOf(answers))
  drifts.set(answers, found)
  return found
}

/** What whoever made the list has found of it already. */
export function rememberScores(answers: readonly ScoredAnswer[], found: readonly number[], drift: Drift): void {
  scores.set(answers, found)
  drifts.set(answers, drift)
}
