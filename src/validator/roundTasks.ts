import { createHmac } from 'node:crypto'
import { makeRng } from '../base/random.ts'
import type { Task, ValidatorDefinition } from '../domain/defineValidator.ts'
import { generateTasks } from '../domain/generateTasks.ts'

export interface RoundPlace {
  /** The validator's secret: whoever has it knows the questions to come. */
  readonly seed: string
  /** Counted from 0. */
  readonly round: number
}

/**
 * The questions of a domain in one round, the same for every miner. The families take turns from round to round, so that
 * all get asked, however few questions a round has.
 *
 * Each round's stream comes from a hash, because the generator behind tasks is no cipher: from the questions that it
 * sees a miner must not learn those of another round.
 */
export function roundTasks(validator: ValidatorDefinition, place: RoundPlace & { readonly count: number }): Task[] {
  const { count, round } = place
  const names = validator.families.map(({ name }) => name)
  const first = (round * count) % names.length
  const families = [...names.slice(first), ...names.slice(0, first)]
  return [...generateTasks(validator, { seed: streamOf(place, validator.domain), count, families })]
}

/** A miner's questions in an order of its own, so that miners who compare notes in time have little to share. */
export function orderFor(hotkey: string, tasks: readonly Task[], place: RoundPlace): Task[] {
  return makeRng(streamOf(place, hotkey)).shuffle(tasks)
}

function streamOf({ seed, round }: RoundPlace, purpose: string): string {
  return createHmac('sha256', seed).update(`${purpose}/${round}`).digest('hex')
}
