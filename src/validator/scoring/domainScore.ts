import { believed, leastCovert } from './believed.ts'
import type { ScoredAnswer } from './scoredAnswer.ts'

/** What one miner's answers in one domain are worth, step by step. */
export interface DomainScore {
  /** How many asks count, unanswered ones included. */
  readonly answers: number
  /** Mean score, in [0, 1]. */
  readonly accuracy: number
  /** Mean probability of a lucky guess, in [0, 1). */
  readonly chance: number
  /** Accuracy on a scale from guessing (0) to all right (1). */
  readonly skill: number
  /** Standard error of the skill. */
  readonly error: number
  /** The skill less what may be luck. */
  readonly sure: number
  /** Mean squared error of the stated confidences, in [0, 1]. */
  readonly brier: number
  /** What confidence and speed leave of it, each a factor in (0, 1]. */
  readonly calibrationFactor: number
  readonly speedFactor: number
  /** `sure` times both factors, in [0, 1]. */
  readonly score: number
}

/** The most that confidences without any truth in them, and answers at the last moment, take away. */
export const calibrationShare = 0.1
export const speedShare = 0.05
/** An answer within this share of the time allowed is as good as one at once. */
export const promptShare = 0.25
/** Standard errors by which a skill must be above guessing to count in full. */
export const luckErrors = 1.28
/** An answer without a confidence counts as one that says "even odds", so that staying silent is never better than the truth. */
const silentBrier = 0.25

/**
 * The pipeline from answers to a domain's score: validity → correctness → calibration → speed. (Verification multiplies
 * the whole miner, see `minerScore`.)
 *
 * Validity and correctness are in each answer's `score`: an answer without a good receipt, or whose final line cannot be
 * read, has 0. Skill takes the guesses out. What may be luck is taken off as in a positive-part James-Stein estimate,
 * `skill (1 - (z e / skill)^2)`: a miner that guesses earns next to nothing from its lucky days, while a real skill is
 * hardly touched. Calibration is the Brier score, a proper scoring rule: the expected factor is highest for the miner that
 * says what it believes. Speed is a gate (the time allowed) and a small weight, since otherwise fast and wrong would pay.
 *
 * @param all answers of one miner in one domain that count; see `believed` for those that then do
 * @see facts: verification-and-scoring.md, section 10; docs/scoring.md
 */
export function domainScore(all: readonly ScoredAnswer[]): DomainScore {
  const answers = believed(all)
  const n = answers.length
  if (n === 0) return unheard
  const accuracy = mean(answers, ({ score }) => score)
  const chance = mean(answers, (answer) => answer.chance)
  const skill = Math.max(0, (accuracy - chance) / (1 - chance))
  // One success and one failure more, so that a few right answers in a row are not taken for certainty.
  const smooth = (accuracy * n + 1) / (n + 2)
  const error = Math.sqrt((smooth * (1 - smooth)) / (n + 2)) / (1 - chance)
  const sure = skill === 0 ? 0 : skill * Math.max(0, 1 - ((luckErrors * error) / skill) ** 2)
  const brier = mean(answers, ({ confidence, score }) =>
    confidence === undefined ? silentBrier : (confidence - score) ** 2,
  )
  const late = latenessOf(answers)
  const calibrationFactor = 1 - calibrationShare * brier
  const speedFactor = 1 - speedShare * late
  const score = sure * calibrationFactor * speedFactor
  return { answers: n, accuracy, chance, skill, error, sure, brier, calibrationFactor, speedFactor, score }
}

/**
 * Mean share of the time after the free part that was used up, in [0, 1]. Where covert asks waited longer, only they count:
 * a miner that serves validators first is as slow as its app builders find it.
 */
function latenessOf(answers: readonly ScoredAnswer[]): number {
  const late = ({ lateness }: ScoredAnswer): number => Math.max(0, (lateness ?? 1) - promptShare) / (1 - promptShare)
  const covert = answers.filter((answer) => answer.covert === true)
  const all = mean(answers, late)
  return covert.length < leastCovert ? all : Math.max(all, mean(covert, late))
}

function mean(answers: readonly ScoredAnswer[], value: (answer: ScoredAnswer) => number): number {
  let sum = 0
  for (const answer of answers) sum += value(answer)
  return sum / answers.length
}

const unheard: DomainScore = {
  answers: 0,
  accuracy: 0,
  chance: 0,
  skill: 0,
  error: 1,
  sure: 0,
  brier: silentBrier,
  calibrationFactor: 1,
  speedFactor: 1,
  score: 0,
}
