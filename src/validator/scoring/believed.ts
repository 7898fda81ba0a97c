import { loss } from './loss.ts'
import type { ScoredAnswer } from './scoredAnswer.ts'

/** Nats by which the two kinds of asks must differ before the better one is no longer believed. */
const twoFaced = 6
/** Fewer covert asks say nothing. */
export const leastCovert = 8

/**
 * The answers that tell what app builders get. Where a miner does clearly worse when it cannot tell that a validator asks,
 * only the asks that looked like an app builder's count.
 */
export function believed(answers: readonly ScoredAnswer[]): readonly ScoredAnswer[] {
  const covert = answers.filter((answer) => answer.covert === true)
  if (covert.length < leastCovert || covert.length === answers.length) return answers
  const [n, m] = [covert.length, answers.length - covert.length]
  const hidden = sumOf(covert)
  const open = sumOf(answers) - hidden
  if (hidden * m >= open * n) return answers
  const evidence = loss(hidden + open, n + m) - loss(hidden, n) - loss(open, m)
  return evidence > twoFaced ? covert : answers
}

function sumOf(answers: readonly ScoredAnswer[]): number {
  return answers.reduce((sum, { score }) => sum + score, 0)
}
