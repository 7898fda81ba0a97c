import { groupBy } from '../../base/groupBy.ts'
import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import { meanOf } from './statistics.ts'

/** Family → accuracy in [0, 1]. */
export type Accuracies = Readonly<Record<string, number>>

/** What is right without understanding, on the same tasks. */
export interface Baselines {
  /** A lucky guess. */
  readonly chance: Accuracies
  /** The family's most frequent training answer, always. */
  readonly majority: Accuracies
  /** The answer of the training question that shares most words and numbers (Jaccard). */
  readonly nearest: Accuracies
}

export function baselines(
  validator: ValidatorDefinition,
  tasks: readonly Task[],
  training: readonly Task[],
): Baselines {
  const commonest = new Map(
    [...groupBy(training, ({ family }) => family)].map(([family, own]) => [family, commonestAnswer(own)]),
  )
  const sample = training.map((task) => ({ task, parts: partsOf(task.question) }))
  const nearest = ({ question }: Task): string => {
    const parts = partsOf(question)
    let best: { answer: string; likeness: number } = { answer: '', likeness: -1 }
    for (const { task, parts: theirs } of sample) {
      const both = theirs.size < parts.size ? countIn(theirs, parts) : countIn(parts, theirs)
      const likeness = both / (parts.size + theirs.size - both)
      if (likeness > best.likeness) best = { answer: task.answer, likeness }
    }
    return best.answer
  }
  const score = (task: Task, answer: string | undefined): number => validator.score(task, `Answer: ${answer ?? ''}`)
  return {
    chance: byFamily(tasks, ({ chance }) => chance),
    majority: byFamily(tasks, (task) => score(task, commonest.get(task.family))),
    nearest: byFamily(tasks, (task) => score(task, nearest(task))),
  }
}

function byFamily(tasks: readonly Task[], value: (task: Task) => number): Accuracies {
  const groups = groupBy(tasks, ({ family }) => family)
  return Object.fromEntries([...groups].map(([family, own]) => [family, meanOf(own.map(value))]))
}

function commonestAnswer(tasks: readonly Task[]): string {
  const groups = [...groupBy(tasks, ({ answer }) => answer)]
  return groups.reduce((best, group) => (group[1].length > best[1].length ? group : best))[0]
}

function partsOf(question: string): Set<string> {
  return new Set(
    question
      .toLowerCase()
      .replaceAll(',', '')
      .match(/[a-z]+|\d+(?:\.\d+)?/g) ?? [],
  )
}

function countIn(small: ReadonlySet<string>, large: ReadonlySet<string>): number {
  let count = 0
  for (const part of small) if (large.has(part)) count++
  return count
}
