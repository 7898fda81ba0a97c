import { groupBy } from '../../base/groupBy.ts'
import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import { generateTasks } from '../../domain/generateTasks.ts'
import type { Engine } from '../../engine/engine.ts'
import { examine, type Outcome } from './examine.ts'
import { explain } from './explain.ts'
import { type SetName, setNames, tasksOf } from './sets.ts'
import { brier, calibrationError, meanOf, type Share, shareOf } from './statistics.ts'

/** Other than any training seed: those are numbers. */
export const seed = 'model eval'

export interface SetReport {
  /** Only families that have tasks in the set. */
  readonly families: Readonly<Record<string, Share>>
  /** Accuracy averaged over these families, in [0, 1]. */
  readonly mean: number
  /** Share of the set's questions that were refused. */
  readonly refused: number
}

export interface ModelReport {
  readonly model: string
  readonly fingerprint: string
  readonly sets: Readonly<Record<SetName, SetReport>>
  /** Share of other domains' questions that were refused; absent where none were asked. */
  readonly foreignRefused?: number
  /** Over the answers to all sets; refusals state nothing. Absent where the model tells no confidence. */
  readonly calibration?: {
    readonly brier: number
    readonly error: number
    /** Share of all questions, other domains' included, that got a wrong answer with confidence above 0.8. */
    readonly confidentlyWrong: number
  }
  /** Share of the families' terms that it explains by their meaning, asked in wordings of no training. */
  readonly explained?: Share
  readonly tokensPerSecond: number
}

export interface Examination {
  readonly validator: ValidatorDefinition
  readonly families: readonly string[]
  /** Tasks of every family in every set. */
  readonly each: number
  /** Validators of other domains, whose questions are to be refused. */
  readonly others: readonly ValidatorDefinition[]
  readonly signal: AbortSignal
}

const confident = 0.8

export async function evaluateModel(engine: Engine, examination: Examination): Promise<ModelReport> {
  const { validator, families, each, others, signal } = examination
  const sets: Partial<Record<SetName, SetReport>> = {}
  const all: Outcome[] = []
  const startedAt = performance.now()
  for (const name of setNames) {
    const outcomes = await examine(engine, validator, tasksOf(validator, name, { seed, each, families }), signal)
    sets[name] = reportOf(outcomes)
    all.push(...outcomes)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const foreign: Outcome[] = []
  for (const other of others) foreign.push(...(await examine(engine, other, foreignTasks(other, each), signal)))
  const explained = await explain(engine, validator, families, signal)
  const answered = all.flatMap(({ right, refused, confidence }) =>
    refused || confidence === undefined ? [] : [{ right, confidence }],
  )
  const everything = [...all, ...foreign.map((outcome) => ({ ...outcome, right: false }))]
  const wrong = everything.filter(({ right, refused, confidence = 0 }) => !right && !refused && confidence > confident)
  return {
    model: engine.model.name,
    fingerprint: engine.model.fingerprint,
    sets: sets as Record<SetName, SetReport>,
    ...(foreign.length > 0 && { foreignRefused: meanOf(foreign.map(({ refused }) => Number(refused))) }),
    ...(answered.length > 0 && {
      calibration: {
        brier: brier(answered),
        error: calibrationError(answered),
        confidentlyWrong: wrong.length / everything.length,
      },
    }),
    ...(explained !== undefined && { explained }),
    tokensPerSecond: all.reduce((sum, { completionTokens }) => sum + completionTokens, 0) / seconds,
  }
}

/** Questions of another domain, and what its terms mean. */
function foreignTasks(validator: ValidatorDefinition, each: number): Task[] {
  const tasks = [...generateTasks(validator, { seed: `${seed}/foreign`, count: 4 * each })]
  const byTerm = new Map(tasks.flatMap((task) => (task.term === undefined ? [] : [[task.term, task] as const])))
  return [...tasks, ...Array.from(byTerm, ([term, task]) => ({ ...task, question: `What is ${term}?` }))]
}

function reportOf(outcomes: readonly Outcome[]): SetReport {
  const families = Object.fromEntries(
    [...groupBy(outcomes, ({ family }) => family)].map(([family, own]) => [
      family,
      shareOf(own.filter(({ right }) => right).length, own.length),
    ]),
  )
  return {
    families,
    mean: meanOf(Object.values(families).map(({ share }) => share)),
    refused: meanOf(outcomes.map(({ refused }) => Number(refused))),
  }
}
