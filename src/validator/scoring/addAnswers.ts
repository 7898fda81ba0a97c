import { alarm, type Drift, driftOf } from './driftWatch.ts'
import type { ScoredAnswer } from './scoredAnswer.ts'
import { rememberScores, scoresOf } from './scoresOf.ts'

/** So many of the newest answers count; a moving average over a window, since a mean with tails is harder to explain. */
export const windowAnswers = 200

export interface Added<A extends ScoredAnswer> {
  /** Those that count from now on, the newest last. */
  readonly kept: readonly A[]
  /** Those that count no more. */
  readonly dropped: readonly A[]
  /** Whether the miner has become worse: what it answered before that is among the dropped. */
  readonly fell: boolean
}

/** The answers that count with some more. One after the other, so it makes no difference in what portions they come. */
export function addAnswers<A extends ScoredAnswer>(before: readonly A[], more: readonly A[]): Added<A> {
  let kept = [...before]
  let scores = [...scoresOf(before)]
  let drift: Drift = { evidence: 0, since: 0 }
  const dropped: A[] = []
  let fell = false
  for (const answer of more) {
    kept.push(answer)
    scores.push(answer.score)
    if (kept.length > windowAnswers) {
      dropped.push(kept.shift()!)
      scores.shift()
    }
    drift = driftOf(scores)
    if (drift.evidence < alarm) continue
    fell = true
    dropped.push(...kept.slice(0, -drift.since))
    kept = kept.slice(-drift.since)
    scores = scores.slice(-drift.since)
    drift = driftOf(scores)
  }
  if (more.length > 0) rememberScores(kept, scores, drift)
  return { kept, dropped, fell }
}
