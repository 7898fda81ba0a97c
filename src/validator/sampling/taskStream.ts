import { createHmac } from 'node:crypto'
import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import { generateTasks } from '../../domain/generateTasks.ts'

export interface RoundPlace {
  /** The validator's secret: whoever has it knows the questions to come. */
  readonly seed: string
  /** Counted from 0. */
  readonly round: number
}

/** No round has more tasks than this. */
const longestRound = 1_000_000

/**
 * The questions of a domain in one round, endless for all that a round can want. The families take turns, beginning with
 * another one each round, so that all get asked, however few questions a round has.
 *
 * Each round's stream comes from a hash, because the generator behind tasks is no cipher: from the questions that it
 * sees a miner must not learn those of another round.
 */
export function taskStream(validator: ValidatorDefinition, place: RoundPlace): Iterator<Task> {
  const names = validator.families.map(({ name }) => name)
  const first = place.round % names.length
  const families = [...names.slice(first), ...names.slice(0, first)]
  const seed = roundStream(place, validator.domain)
  return generateTasks(validator, { seed, count: longestRound, families })[Symbol.iterator]()
}

/** A secret seed for one purpose in one round. */
export function roundStream({ seed, round }: RoundPlace, purpose: string): string {
  return createHmac('sha256', seed).update(`${purpose}/${round}`).digest('hex')
}
