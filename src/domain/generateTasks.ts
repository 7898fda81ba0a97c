import { InputError } from '../base/errors.ts'
import { makeRng } from '../base/random.ts'
import type { Task, TaskFamily, ValidatorDefinition } from './defineValidator.ts'

export interface GenerateTasksOptions {
  readonly seed: string | number
  readonly count: number
  /** Only these families; default: all of the domain's. */
  readonly families?: readonly string[]
}

/**
 * `count` tasks, the families in turn. Task i depends on the seed, i and the families asked for alone, so a longer run
 * starts with the shorter one's tasks.
 *
 * @throws InputError where `count` is not a whole number or a family is not the domain's
 */
export function generateTasks(validator: ValidatorDefinition, options: GenerateTasksOptions): Iterable<Task> {
  const { seed, count } = options
  if (!Number.isSafeInteger(count) || count < 0) throw new InputError('count', count, 'give a whole number of tasks')
  const families = familiesOf(validator, options.families)
  return tasksOf(validator.domain, families, seed, count)
}

function* tasksOf(
  domain: string,
  families: readonly TaskFamily[],
  seed: string | number,
  count: number,
): Generator<Task> {
  for (let i = 0; i < count; i++) {
    const family = families[i % families.length]!
    yield { domain, family: family.name, ...family.make(makeRng(`${seed}/${i}`)) }
  }
}

function familiesOf(validator: ValidatorDefinition, names: readonly string[] | undefined): readonly TaskFamily[] {
  if (names === undefined) return validator.families
  if (names.length === 0) throw new InputError('families', names, 'name at least one family, or leave the list out')
  return names.map((name) => {
    const family = validator.families.find((candidate) => candidate.name === name)
    const known = validator.families.map((candidate) => candidate.name).join(', ')
    if (family === undefined) throw new InputError('families', name, `the ${validator.domain} domain has ${known}`)
    return family
  })
}
