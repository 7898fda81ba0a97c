import { InputError } from '../../base/errors.ts'
import { makeRng } from '../../base/random.ts'
import type { Task, TaskFamily, ValidatorDefinition } from '../../domain/defineValidator.ts'
import { type AnswerForm, bare, finalLine } from './behaviour.ts'

export interface CheckedDefinition {
  /** How each family's scorer wants answers written: the form in which the family's own answers score best. */
  readonly forms: ReadonlyMap<string, AnswerForm>
  /** What the definition lacks, for its author, by name. */
  readonly notes: readonly string[]
}

const tasksLooked = 8
/** Own answers that score less than this on average are not understood by their scorer. */
const understood = 0.99

/**
 * Looks a domain over before it is simulated: same seed, same task; truths that simulated miners can answer; a scorer that
 * gives right answers 1.
 *
 * @throws InputError for a task or a score that no validator could use
 */
export function checkDefinition(validator: ValidatorDefinition, seed: string): CheckedDefinition {
  const notes: string[] = []
  if (validator.claim === undefined) {
    notes.push('claim is missing: answers are compared as whole texts, so a copy in other words is not noticed')
  }
  const forms = new Map<string, AnswerForm>()
  for (const family of validator.families) {
    const tasks = Array.from({ length: tasksLooked }, (_, i) => taskOf(validator, family, `${seed}/${i}`))
    const again = taskOf(validator, family, `${seed}/0`)
    if (JSON.stringify(again) !== JSON.stringify(tasks[0])) {
      notes.push(`families.${family.name}.make: one seed gives different tasks; draw everything from rng`)
    }
    if (tasks.every(({ question }) => question === tasks[0]!.question)) {
      notes.push(`families.${family.name}.make: every seed asks the same, so one answer can be learnt by heart`)
    }
    if (tasks.some(({ truth, chance }) => (truth.kind === 'label' || truth.kind === 'choice') && chance === 0)) {
      notes.push(`families.${family.name}: chance is 0, yet a guess among a few words is sometimes right`)
    }
    const marks = [finalLine, bare].map((form) => ({ form, mean: meanScore(validator, tasks, form) }))
    const best = marks[1]!.mean > marks[0]!.mean ? marks[1]! : marks[0]!
    forms.set(family.name, best.form)
    if (best.mean < understood) {
      notes.push(
        `families.${family.name}: score gives the tasks' own answers ${best.mean.toFixed(2)} on average, not 1`,
      )
    }
  }
  return { forms, notes }
}

const truthKinds = ['label', 'choice', 'number', 'claims']

function taskOf({ domain }: ValidatorDefinition, family: TaskFamily, seed: string): Task {
  const task = { domain, family: family.name, ...family.make(makeRng(seed)) }
  const field = `families.${family.name}.make`
  if (typeof task.question !== 'string') throw new InputError(`${field}: question`, task.question, 'give a text')
  if (typeof task.answer !== 'string') throw new InputError(`${field}: answer`, task.answer, 'give a text')
  if (!(task.chance >= 0 && task.chance < 1)) {
    throw new InputError(`${field}: chance`, task.chance, 'give the probability of a lucky guess, from 0 to below 1')
  }
  if (!truthKinds.includes(task.truth?.kind)) {
    throw new InputError(`${field}: truth.kind`, task.truth?.kind, `give one of ${truthKinds.join(', ')}`)
  }
  return { ...task, working: task.working ?? '' }
}

function meanScore({ score }: ValidatorDefinition, tasks: readonly Task[], form: AnswerForm): number {
  let sum = 0
  for (const task of tasks) {
    const value = score(task, form(task.answer, task.working))
    if (!(value >= 0 && value <= 1)) throw new InputError(`score of ${task.family}`, value, 'give a number from 0 to 1')
    sum += value
  }
  return sum / tasks.length
}
