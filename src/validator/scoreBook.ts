/** How a miner does in one domain: moving averages over the same answers. */
export interface DomainAverage {
  /** How many answers went in, unanswered asks included. */
  readonly answers: number
  /** Mean score, in [0, 1]. */
  readonly accuracy: number
  /** Mean probability of a lucky guess at the tasks that were asked, in [0, 1). */
  readonly chance: number
}

/** One answer as it counts. */
export interface AnswerScore {
  /** In [0, 1]; 0 for an ask that stayed unanswered. */
  readonly score: number
  /** The task's chance, in [0, 1). */
  readonly chance: number
}

/**
 * From this many answers on, the newest counts as much as one of so many, and older ones fade. Up to it the average is
 * the exact mean, so that a few dozen answers tell miners apart, whatever the first of them were.
 */
export const windowAnswers = 200

/** The average with one answer more; `undefined` is the average before the first. */
export function addAnswer(before: DomainAverage | undefined, { score, chance }: AnswerScore): DomainAverage {
  if (before === undefined) return { answers: 1, accuracy: score, chance }
  const answers = before.answers + 1
  const share = 1 / Math.min(answers, windowAnswers)
  return {
    answers,
    accuracy: before.accuracy + share * (score - before.accuracy),
    chance: before.chance + share * (chance - before.chance),
  }
}

/** What an average is worth, in [0, 1]: 0 for guessing, 1 for all right; guessing right more often than not earns nothing. */
export function domainScore(average: DomainAverage | undefined): number {
  if (average === undefined) return 0
  return Math.max(0, (average.accuracy - average.chance) / (1 - average.chance))
}

/**
 * A miner's weight before weights are normalised, in [0, 1]: the mean over the domains that it declares, so that
 * declaring a domain that it cannot serve costs it. Nothing declared is worth 0.
 *
 * @param declared of the domains that this validator asks, those that the miner says it serves
 */
export function minerScore(declared: readonly string[], averages: ReadonlyMap<string, DomainAverage>): number {
  const domains = new Set(declared)
  if (domains.size === 0) return 0
  let sum = 0
  for (const domain of domains) sum += domainScore(averages.get(domain))
  return sum / domains.size
}
