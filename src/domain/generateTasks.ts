import { InputError } from '../base/errors.ts'
import { makeRng } from '../base/random.ts'
import type { Task, TaskFamily, ValidatorDefinition } from './defineValidator.ts'
import { heldOut } from './holdOut.ts'

/** `training`: nothing that is held out. `sentences`, `ranges`: only what is held out of training so. */
export const taskSets = ['training', 'sentences', 'ranges'] as const
export type TaskSet = (typeof taskSets)[number]

export interface GenerateTasksOptions {
  readonly seed: string | number
  readonly count: number
  /** Only these families; default: all of the domain's. */
  readonly families?: readonly string[]
  /** Only tasks of this set; default: whatever is drawn. Families that have none are left out. */
  readonly set?: TaskSet
}

/** After so many draws in vain a family is taken to have no task of the set. */
const mostDraws = 1000
const heldOutOf = { training: undefined, sentences: 'sentence', ranges: 'range' } as const

/**
 * `count` tasks, the families in turn. Task i depends on the seed, i and the families asked for alone, so a longer run
 * starts with the shorter one's tasks.
 *
 * @throws InputError where `count` is not a whole number or a family is not the domain's
 */
export function generateTasks(validator: ValidatorDefinition, options: GenerateTasksOptions): Iterable<Task> {
  const { count } = options
  if (!Number.isSafeInteger(count) || count < 0) throw new InputError('count', count, 'give a whole number of tasks')
  const families = familiesOf(validator, options.families)
  return tasksOf(validator.domain, families, options)
}

function* tasksOf(
  domain: string,
  families: readonly TaskFamily[],
  { seed, count, set }: GenerateTasksOptions,
): Generator<Task> {
  const barren = new Set<TaskFamily>()
  for (let i = 0; i < count; i++) {
    const family = families[i % families.length]!
    if (barren.has(family)) continue
    const task = draw(family, `${seed}/${i}`, set)
    if (task === undefined) barren.add(family)
    else yield { domain, family: family.name, ...task, ...explanationOf(family, task.rule) }
  }
}

/** What backs a task's answer; `own` is the task's rule where its family has several. */
function explanationOf(
  { term, rule, source }: TaskFamily,
  own = rule,
): { readonly term?: string; readonly meaning?: string; readonly rule?: string } {
  const cited = (says: string): string => `${says} (${source}).`
  return {
    ...(term === undefined || rule === undefined ? {} : { term, meaning: cited(rule) }),
    ...(own === undefined ? {} : { rule: cited(own) }),
  }
}

/** The first task of the set in the streams `stream`, `stream/1`, `stream/2` … */
function draw(
  family: TaskFamily,
  stream: string,
  set: TaskSet | undefined,
): ReturnType<TaskFamily['make']> | undefined {
  for (let tried = 0; tried < mostDraws; tried++) {
    const task = family.make(makeRng(tried === 0 ? stream : `${stream}/${tried}`))
    if (set === undefined || heldOut(task.question) === heldOutOf[set]) return task
  }
  return undefined
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
