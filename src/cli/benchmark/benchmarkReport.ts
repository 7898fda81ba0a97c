import type { Benchmark } from '../../domain/benchmarks/benchmark.ts'
import { promptVersion } from '../../domain/benchmarks/benchmarkPrompt.ts'
import type { BenchmarkResult } from '../../domain/benchmarks/runBenchmark.ts'
import type { Tally } from '../../domain/benchmarks/tally.ts'
import { percent, table } from '../table.ts'
import type { OpenAsker } from './openAsker.ts'

/** Everything that a run of a benchmark says, as `--json` prints it. */
export interface BenchmarkReport extends BenchmarkResult {
  readonly dataset: string
  readonly title: string
  readonly licence: string
  readonly split: string
  readonly files: readonly string[]
  readonly notes: readonly string[]
  /** Questions that the split has, of which `total.questions` were asked. */
  readonly available: number
  readonly seed: string
  readonly promptVersion: number
  readonly model: string
  readonly asked: OpenAsker['about']
}

export function makeReport(
  { name, title, licence }: Benchmark,
  more: Omit<BenchmarkReport, 'dataset' | 'title' | 'licence' | 'promptVersion'>,
): BenchmarkReport {
  return { dataset: name, title, licence, promptVersion, ...more }
}

/** The table, what it is of, and what is missing in it. */
export function reportText(report: BenchmarkReport): string {
  const { title, licence, split, available, total, groups, model, notes, problems } = report
  const named = groups.map((group) => ({ label: group.name, ...group }))
  const rows = groups.length === 1 ? named : [...named, { label: 'all', ...total }]
  const isPlain = rows.every(({ metric }) => metric === 'accuracy')
  const header = ['', 'n', 'accuracy', '95 %', 'majority', 'chance', ...(isPlain ? [] : ['score', 'of'])]
  const cells = rows.map((row) => [
    row.label,
    String(row.questions),
    percent(row.accuracy),
    `${percent(row.interval.low)} – ${percent(row.interval.high)}`,
    percent(row.majority),
    percent(row.chance),
    ...(isPlain ? [] : [percent(row.value), row.metric]),
    ...ends(row),
  ])
  const counted = Object.entries(problems).map(([problem, count]) => `${count} unanswered: ${problem}`)
  return [
    `${title}, split ${split}, licence ${licence}`,
    `${total.questions} of ${available} questions, asked ${model}, prompt ${report.promptVersion}`,
    '',
    table([...header, 'unparsed', 'unanswered', 'ms'], cells),
    ...[...counted, ...notes].flatMap((line, i) => (i === 0 ? ['', line] : [line])),
  ].join('\n')
}

function ends({ unparsed, unanswered, meanMs }: Tally): string[] {
  return [String(unparsed), String(unanswered), meanMs === undefined ? '-' : meanMs.toFixed(0)]
}
