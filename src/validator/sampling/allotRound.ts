import type { ScoredAnswer } from '../scoring/scoredAnswer.ts'
import { accuracyOf, driftOfAnswers } from '../scoring/scoresOf.ts'
import { allot } from './allot.ts'

/** No miner gets more than so many times its even share of a round's asks. */
const mostShare = 3

/**
 * How many questions each miner of a domain gets in one round.
 *
 * @param known what counts of each one's answers
 * @param tasks questions a miner, on average
 */
export function allotRound(known: readonly (readonly ScoredAnswer[])[], tasks: number): number[] {
  const candidates = known.map((answers) => ({
    answers: answers.length,
    accuracy: accuracyOf(answers),
    fallEvidence: driftOfAnswers(answers).evidence,
  }))
  return allot(candidates, { budget: tasks * known.length, least: Math.min(1, tasks), most: mostShare * tasks })
}
