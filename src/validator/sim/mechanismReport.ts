import { groupBy } from '../../base/groupBy.ts'
import type { Earned, Earnings } from './earnings.ts'
import type { Population, PopulationMiner } from './population.ts'
import type { GroupRow, Row } from './rows.ts'
import { mostSamplers } from './simValidators.ts'
import { type Warning, warningsOf } from './warnings.ts'

export interface MechanismReport {
  readonly domain: string
  /** Epochs in which weights were in force; the shares are means over these. */
  readonly epochs: number
  readonly revealEpochs: number
  readonly groups: readonly GroupRow[]
  readonly neurons: readonly Row[]
  /** Incentive of each group of miners by epoch, as shares. */
  readonly course: readonly Readonly<Record<string, number>>[]
  /** Spearman's correlation of scores with skills after one epoch, honest miners. */
  readonly firstRanking: number
  readonly warnings: readonly Warning[]
  readonly notes: readonly string[]
}

export interface ReportInput {
  readonly domain: string
  readonly population: Population
  readonly newcomers: readonly PopulationMiner[]
  readonly earnings: Earnings
  /** Of the second half alone: a validator's bonds need some ten epochs to form, and a copier begins later than others. */
  readonly late: Earnings
  /** By uid, at the end. */
  readonly hotkeys: readonly string[]
  readonly scores: ReadonlyMap<string, number>
  readonly weights: ReadonlyMap<string, number>
  /** By epoch and uid. */
  readonly courses: readonly (readonly { readonly name: string; readonly incentive: number }[])[]
  readonly firstRanking: number
  readonly notes: readonly string[]
}

/** The sums of a simulation as people and programs read them. */
export function mechanismReport(input: ReportInput): MechanismReport {
  const { domain, population, newcomers, earnings, late, hotkeys, firstRanking } = input
  const perStake = honestRate(population, late)
  const known = <K extends string>(key: K, value: number | undefined): { [P in K]?: number } =>
    (value === undefined ? {} : { [key]: value }) as { [P in K]?: number }
  const uidOf = (name: string): number | undefined => {
    const uid = hotkeys.indexOf(name)
    return uid === -1 ? undefined : uid
  }
  const miner = ({ name, skill, attack }: PopulationMiner, group: string): Row => ({
    ...{ name, role: 'miner', group: attack ?? group },
    ...earnings.of(name),
    ...known('skill', skill),
    ...known('score', input.scores.get(name)),
    ...known('weight', input.weights.get(name)),
    ...known('uid', uidOf(name)),
  })
  const neurons: Row[] = [
    ...population.validators.map(
      ({ name, kind }): Row => ({
        ...{ name, role: 'validator', group: kind },
        ...earnings.of(name),
        ...known('dividendsPerStake', rate(late.of(name), perStake)),
        ...known('uid', uidOf(name)),
      }),
    ),
    ...population.miners.map((one) => miner(one, 'honest')),
    ...newcomers.map((one) => miner(one, 'newcomer')),
  ]
  const report = {
    domain,
    epochs: earnings.epochs,
    revealEpochs: population.rules.revealEpochs,
    groups: groupsOf(neurons, (names) => rate(totalOf(names.map((name) => late.of(name))), perStake)),
    neurons,
    course: courseOf(input, neurons),
    firstRanking,
  }
  return { ...report, warnings: warningsOf(report), notes: [...notesOf(population, earnings), ...input.notes] }
}

function notesOf({ validators, rules }: Population, earnings: Earnings): string[] {
  const honest = validators.filter(({ kind }) => kind === 'honest').length
  const notes: string[] = []
  if (earnings.epochs === 0) {
    notes.push(`no weights were in force in any epoch; simulate more than ${rules.revealEpochs} epochs`)
  }
  if (honest > mostSamplers) {
    notes.push(`${honest} honest validators share the questions of ${mostSamplers}, so that the simulation ends soon`)
  }
  return notes
}

/** Dividends by stake of the honest validators together. */
function honestRate({ validators }: Population, earnings: Earnings): number {
  const honest = validators.filter(({ kind }) => kind === 'honest').map(({ name }) => earnings.of(name))
  const { dividends, stake } = totalOf(honest)
  return dividends / stake
}

function rate({ dividends, stake }: Pick<Earned, 'dividends' | 'stake'>, perStake: number): number | undefined {
  return stake > 0 && perStake > 0 ? dividends / stake / perStake : undefined
}

function groupsOf(neurons: readonly Row[], rateOf: (names: string[]) => number | undefined): GroupRow[] {
  return [...groupBy(neurons, ({ role, group }) => `${role} ${group}`).values()].map((rows) => {
    const { role, group } = rows[0]!
    const dividendsPerStake = role === 'validator' ? rateOf(rows.map(({ name }) => name)) : undefined
    return {
      ...{ role, group, neurons: rows.length },
      ...totalOf(rows),
      ...(dividendsPerStake !== undefined && { dividendsPerStake }),
    }
  })
}

function courseOf({ courses }: ReportInput, neurons: readonly Row[]): Record<string, number>[] {
  const groups = new Map(neurons.map(({ name, role, group }) => [name, role === 'miner' ? group : 'validator']))
  return courses.map((epoch) => {
    const total = epoch.reduce((sum, { incentive }) => sum + incentive, 0)
    const shares: Record<string, number> = {}
    for (const { name, incentive } of epoch) {
      const group = groups.get(name)!
      if (group !== 'validator') shares[group] = (shares[group] ?? 0) + (total === 0 ? 0 : incentive / total)
    }
    return shares
  })
}

function totalOf(rows: readonly Earned[]): Earned {
  const sum = (key: keyof Earned): number => rows.reduce((total, row) => total + row[key], 0)
  return { incentive: sum('incentive'), dividends: sum('dividends'), emission: sum('emission'), stake: sum('stake') }
}
