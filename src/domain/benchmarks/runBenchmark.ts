import { FacultyError } from '../../base/errors.ts'
import type { ChatMessage } from '../../engine/engine.ts'
import type { Benchmark, Group, Item } from './benchmark.ts'
import { benchmarkPrompt } from './benchmarkPrompt.ts'
import { mark } from './mark.ts'
import { type Outcome, type Tally, tally } from './tally.ts'

/** What one question got: a text, or why there is none. */
export type Reply =
  | { readonly text: string; readonly elapsedMs: number; readonly problem?: undefined }
  | { readonly problem: string }

/** Puts one question. Throws where no further question can be put either. */
export type Asker = (messages: readonly ChatMessage[], signal: AbortSignal) => Promise<Reply>

export interface RunOptions {
  readonly benchmark: Benchmark
  readonly groups: readonly Group[]
  readonly ask: Asker
  /** Questions in flight. */
  readonly concurrency: number
  readonly signal: AbortSignal
  /** Hears each end. */
  readonly onOutcome?: (event: OutcomeEvent) => void
}

export interface OutcomeEvent {
  readonly group: string
  readonly item: Item
  readonly reply: Reply
  readonly outcome: Outcome
}

export interface GroupTally extends Tally {
  readonly name: string
  readonly licence: string
}

export interface BenchmarkResult {
  readonly groups: readonly GroupTally[]
  /** Over all questions, of which there is at least one; its metric as the set's `total` says. */
  readonly total: Tally
  /** Why questions had no answer, with how many of them. */
  readonly problems: Readonly<Record<string, number>>
}

/** Where so many have no answer and none has one, the rest is not tried. */
const patience = 8

/**
 * Asks every question once and tallies the answers.
 *
 * @throws FacultyError `no-answers` where the first ones all fail; whatever `ask` throws; the signal's reason
 */
export async function runBenchmark({ benchmark, groups, ask, ...options }: RunOptions): Promise<BenchmarkResult> {
  const { concurrency, signal, onOutcome = () => undefined } = options
  const todo = groups.flatMap((group) => group.items.map((item) => ({ group: group.name, item })))
  const outcomes = new Map<Item, Outcome>()
  const problems: Record<string, number> = {}
  const stopping = new AbortController()
  const either = AbortSignal.any([signal, stopping.signal])
  let [next, answered] = [0, 0]
  const work = async (): Promise<void> => {
    for (let one = todo[next++]; one !== undefined; one = todo[next++]) {
      either.throwIfAborted()
      const { group, item } = one
      const reply = await ask(benchmarkPrompt(item), either)
      const outcome = outcomeOf(item, reply)
      outcomes.set(item, outcome)
      onOutcome({ group, item, reply, outcome })
      if (reply.problem === undefined) answered++
      else problems[reply.problem] = (problems[reply.problem] ?? 0) + 1
      if (answered === 0 && outcomes.size >= patience && reply.problem !== undefined) throw noAnswers(reply.problem)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, todo.length) }, work))
  } catch (error) {
    // The other workers' questions are worth nothing now.
    stopping.abort()
    throw error
  }
  const rows = groups.map(({ name, licence, metric, items }) => ({
    name,
    licence,
    ...tally(
      items.map((item) => outcomes.get(item)!),
      metric,
    ),
  }))
  return { groups: rows, total: totalOf(rows, [...outcomes.values()], benchmark), problems }
}

function totalOf(rows: readonly GroupTally[], outcomes: readonly Outcome[], { metric, total }: Benchmark): Tally {
  const pooled = tally(outcomes, total === 'pooled' ? metric : 'accuracy')
  // Whoever guesses the commonest answer knows which group a question is of.
  const majority = rows.reduce((sum, row) => sum + row.majority * row.questions, 0) / pooled.questions
  if (total === 'pooled') return { ...pooled, majority }
  return { ...pooled, majority, metric, value: rows.reduce((sum, { value }) => sum + value, 0) / rows.length }
}

function outcomeOf({ gold }: Item, reply: Reply): Outcome {
  if (reply.problem !== undefined) return { gold, mark: undefined, elapsedMs: 0 }
  return { gold, mark: mark(gold, reply.text), elapsedMs: reply.elapsedMs }
}

function noAnswers(problem: string): FacultyError {
  const failure = { code: 'no-answers' } as const
  return new FacultyError(`none of the first ${patience} questions was answered`, failure, { mend: problem })
}
