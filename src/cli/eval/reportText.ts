import { percent, table } from '../table.ts'
import type { Baselines } from './baselines.ts'
import type { ModelReport } from './evaluateModel.ts'
import { setNames } from './sets.ts'
import { meanOf, type Share } from './statistics.ts'

export interface EvaluationReport {
  readonly domain: string
  readonly families: readonly string[]
  readonly each: number
  readonly models: readonly ModelReport[]
  readonly baselines: Baselines
}

/** For people: one table of families a model, then its figures, then what is right without a model. */
export function reportText({ families, each, models, baselines }: EvaluationReport): string {
  const blocks = models.map((model) => `${modelTable(model, families)}\n${figures(model)}`)
  const columns = Object.entries(baselines)
  const rows = families.map((family) => [family, ...columns.map(([, accuracies]) => percent(accuracies[family]))])
  const means = columns.map(([, accuracies]) => percent(meanOf(Object.values(accuracies))))
  const without = table(['without a model', ...columns.map(([name]) => name)], [...rows, ['mean', ...means]])
  const title = `percent right, ${each} tasks of each family in each set, 95 % intervals for seeds`
  return [title, ...blocks, without].join('\n\n')
}

function modelTable({ model, sets }: ModelReport, families: readonly string[]): string {
  const rows = families.map((family) => {
    const shares = setNames.map((name) => sets[name].families[family])
    return [family, ...shares.map((share) => percent(share?.share)), interval(shares[0])]
  })
  const means = setNames.map((name) => percent(sets[name].mean))
  const refused = setNames.map((name) => percent(sets[name].refused))
  return table([model, ...setNames, 'interval'], [...rows, ['mean', ...means, ''], ['refused', ...refused, '']])
}

function figures({ foreignRefused, calibration, explained, tokensPerSecond }: ModelReport): string {
  const parts = [`${Math.round(tokensPerSecond)} tokens/s`]
  if (foreignRefused !== undefined) parts.push(`${percent(foreignRefused)} of other domains' questions refused`)
  if (calibration !== undefined) {
    const { brier, error, confidentlyWrong } = calibration
    parts.push(`Brier ${brier.toFixed(3)}`, `calibration error ${error.toFixed(3)}`)
    parts.push(`${percent(confidentlyWrong)} of all answers wrong with confidence above 0.8`)
  }
  if (explained !== undefined) parts.push(`${percent(explained.share)} of terms explained`)
  return parts.join(' · ')
}

function interval(share: Share | undefined): string {
  return share === undefined ? '' : `${percent(share.low)} to ${percent(share.high)}`
}
