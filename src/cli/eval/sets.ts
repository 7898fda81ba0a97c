import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import { generateTasks, type TaskSet } from '../../domain/generateTasks.ts'
import { longerNumbers, otherWords } from './rewrite.ts'

/**
 * What a model is examined on: fresh seeds, the sentences and ranges that training leaves out, and two kinds of question
 * that no training holds: numbers with more digits, and words of the same meaning.
 */
export const setNames = ['seeds', 'sentences', 'ranges', 'digits', 'words'] as const
export type SetName = (typeof setNames)[number]

const drawnFrom: Readonly<Record<SetName, TaskSet>> = {
  seeds: 'training',
  sentences: 'sentences',
  ranges: 'ranges',
  digits: 'training',
  words: 'training',
}
const rewrites: Partial<Record<SetName, (question: string) => string>> = { digits: longerNumbers, words: otherWords }

/**
 * The tasks of a set, `each` of every family that has any; where the question is rewritten, only those that it changes.
 *
 * @param families of the validator
 */
export function tasksOf(
  validator: ValidatorDefinition,
  name: SetName,
  options: { readonly seed: string; readonly each: number; readonly families: readonly string[] },
): Task[] {
  const { seed, each, families } = options
  const tasks = generateTasks(validator, {
    seed: `${seed}/${name}`,
    count: each * families.length,
    families,
    set: drawnFrom[name],
  })
  const rewrite = rewrites[name]
  if (rewrite === undefined) return [...tasks]
  return [...tasks].flatMap((task) => {
    const question = rewrite(task.question)
    return question === task.question ? [] : [{ ...task, question }]
  })
}
