import { loss } from './loss.ts'
import type { ScoredAnswer } from './scoredAnswer.ts'

/** Nats by which the two kinds of asks must differ before the better one is no longer believed. */
export const twoFaced = 6
/** Fewer covert asks say nothing. */
export const leastCovert = 8

/** One kind of asks to a miner. */
export interface Kind {
  readonly answers: number
  /** Mean score, in [0, 1]. */
  readonly accuracy: number
}

/** How a miner does where it can tell that a validator asks, and where it cannot. */
export interface TwoKinds {
  readonly covert: Kind
  readonly open: Kind
  /** That it does worse on covert asks, in nats; 0 where too few are covert to say, or it does as well on them. */
  readonly evidence: number
  readonly isTwoFaced: boolean
}

/**
 * The answers that tell what app builders get. Where a miner does clearly worse when it cannot tell that a validator asks,
 * only the asks that looked like an app builder's count.
 */
export function believed(answers: readonly ScoredAnswer[]): readonly ScoredAnswer[] {
  return twoKinds(answers).isTwoFaced ? answers.filter(isCovert) : answers
}

/** What `believed` goes by. */
export function twoKinds(answers: readonly ScoredAnswer[]): TwoKinds {
  const covert = answers.filter(isCovert)
  const [n, m] = [covert.length, answers.length - covert.length]
  const hidden = sumOf(covert)
  const open = sumOf(answers) - hidden
  const isKnown = n >= leastCovert && m > 0 && hidden * m < open * n
  const evidence = isKnown ? loss(hidden + open, n + m) - loss(hidden, n) - loss(open, m) : 0
  return {
    covert: { answers: n, accuracy: n === 0 ? 0 : hidden / n },
    open: { answers: m, accuracy: m === 0 ? 0 : open / m },
    evidence,
    isTwoFaced: evidence > twoFaced,
  }
}

function isCovert({ covert }: ScoredAnswer): boolean {
  return covert === true
}

function sumOf(answers: readonly ScoredAnswer[]): number {
  return answers.reduce((sum, { score }) => sum + score, 0)
}
