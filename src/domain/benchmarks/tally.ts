import { type Interval, wilson } from '../../base/wilson.ts'
import type { Gold, Metric } from './benchmark.ts'
import { type Mark, truthOf } from './mark.ts'

/** One question's end. */
export interface Outcome {
  readonly gold: Gold
  /** Without one there was no answer; it counts as a wrong one. */
  readonly mark: Mark | undefined
  readonly elapsedMs: number
}

/** A row of the table. Shares are in [0, 1]. */
export interface Tally {
  readonly questions: number
  readonly right: number
  readonly accuracy: number
  /** 95 %, of the accuracy. */
  readonly interval: Interval
  readonly metric: Metric
  readonly value: number
  /** What saying the commonest answer each time would get, and guessing among the labels. Both are accuracies. */
  readonly majority: number
  readonly chance: number
  /** Answers without a line that can be read, and questions without an answer. Both are wrong. */
  readonly unparsed: number
  readonly unanswered: number
  /** Mean and median over the questions with an answer; undefined without one. */
  readonly meanMs: number | undefined
  readonly medianMs: number | undefined
}

export function tally(outcomes: readonly Outcome[], metric: Metric): Tally {
  const questions = outcomes.length
  const right = outcomes.filter(({ mark }) => mark?.isRight === true).length
  const answered = outcomes.filter(({ mark }) => mark !== undefined)
  const times = answered.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b)
  return {
    questions,
    right,
    accuracy: shareOf(right, questions),
    interval: wilson(right, questions),
    metric,
    value: metricOf(outcomes, metric),
    majority: shareOf(Math.max(0, ...countsOf(outcomes).values()), questions),
    chance: meanOf(outcomes.map(({ gold }) => chanceOf(gold))) ?? 0,
    unparsed: answered.filter(({ mark }) => mark!.said === undefined).length,
    unanswered: questions - answered.length,
    meanMs: meanOf(times),
    medianMs: times[Math.floor(times.length / 2)],
  }
}

/** @returns in [0, 1]; 0 where there is nothing to measure */
function metricOf(outcomes: readonly Outcome[], metric: Metric): number {
  if (metric === 'accuracy')
    return shareOf(outcomes.filter(({ mark }) => mark?.isRight === true).length, outcomes.length)
  if (metric === 'F1') return listF1(outcomes)
  const classes = classesOf(outcomes)
  if (metric === 'balanced accuracy') return meanOf(classes.map(({ hits, truths }) => hits / truths)) ?? 0
  const f1 = ({ hits, truths, said }: Class): number => shareOf(2 * hits, truths + said)
  if (metric === 'macro-F1') return meanOf(classes.map(f1)) ?? 0
  return classes.reduce((sum, one) => sum + (one.truths / outcomes.length) * f1(one), 0)
}

interface Class {
  /** Questions of which it is the truth, of which it was said, and of which both. At least one of the first. */
  readonly truths: number
  readonly said: number
  readonly hits: number
}

/** The labels that are right anywhere. What was never right has no recall, and as a wrong answer it counts already. */
function classesOf(outcomes: readonly Outcome[]): Class[] {
  return [...countsOf(outcomes)].map(([label, truths]) => {
    const said = outcomes.filter(({ mark }) => mark?.said === label)
    return { truths, said: said.length, hits: said.filter(({ gold }) => truthOf(gold) === label).length }
  })
}

/** Over all names on all lists together. A question without an answer misses all of its own. */
function listF1(outcomes: readonly Outcome[]): number {
  let [hits, misses, falseAlarms] = [0, 0, 0]
  for (const { gold, mark } of outcomes) {
    const all = gold.kind === 'spans' ? gold.spans.length : gold.kind === 'terms' ? gold.terms.length : 0
    const found = mark?.found ?? { hits: 0, misses: all, falseAlarms: 0 }
    hits += found.hits
    misses += found.misses
    falseAlarms += found.falseAlarms
  }
  return shareOf(2 * hits, 2 * hits + misses + falseAlarms)
}

function countsOf(outcomes: readonly Outcome[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { gold } of outcomes) counts.set(truthOf(gold), (counts.get(truthOf(gold)) ?? 0) + 1)
  return counts
}

function chanceOf(gold: Gold): number {
  if (gold.kind === 'label') return 1 / gold.labels.length
  return gold.kind === 'choice' ? 1 / Object.keys(gold.options).length : 0
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
