import type { MechanismReport } from '../../validator/sim/mechanismReport.ts'
import type { GroupRow, Row } from '../../validator/sim/rows.ts'
import { percent, table } from '../table.ts'

const barCharacters = 24
const minersShown = 40

/** Who earns what, as tables with bars, and what an owner should heed. */
export function mechanismText(report: MechanismReport): string[] {
  const { domain, epochs, revealEpochs, groups, neurons, warnings, notes, firstRanking } = report
  const secrecy = revealEpochs === 0 ? 'weights set openly' : `weights revealed after ${revealEpochs} epoch(s)`
  const of = <R extends { readonly role: string }>(rows: readonly R[], role: string): R[] =>
    rows.filter((row) => row.role === role)
  const miners = of(neurons, 'miner').sort((a, b) => b.incentive - a.incentive)
  const hidden = miners.length - minersShown
  return [
    `${domain}: ${epochs} epochs with weights in force, ${secrecy}; shares are of all that miners or validators were paid`,
    `ranking of the honest miners after one epoch: Spearman ${firstRanking.toFixed(2)}\n`,
    `${minerGroups(of(groups, 'miner'))}\n`,
    `${validatorTable(of(neurons, 'validator'))}\n`,
    minerTable(miners.slice(0, minersShown)),
    ...(hidden > 0 ? [`and ${hidden} miners that earn less; --json lists all`] : []),
    '',
    ...warnings.map(({ code, text }) => `WARNING ${code}: ${text}`),
    ...(warnings.length === 0 ? ['no warnings'] : []),
    ...notes.map((note) => `note: ${note}`),
  ]
}

function minerGroups(groups: readonly GroupRow[]): string {
  const most = Math.max(...groups.map(({ incentive, neurons }) => incentive / neurons))
  return table(
    ['MINERS', 'HOTKEYS', 'INCENTIVE', 'A HOTKEY', 'EMISSION', ''],
    groups.map(({ group, neurons, incentive, emission }) => [
      group,
      String(neurons),
      percent(incentive, 2),
      percent(incentive / neurons, 2),
      percent(emission, 2),
      bar(incentive / neurons, most),
    ]),
  )
}

function validatorTable(validators: readonly Row[]): string {
  const most = Math.max(...validators.map(({ dividendsPerStake = 0 }) => dividendsPerStake))
  return table(
    ['VALIDATOR', 'KIND', 'STAKE', 'DIVIDENDS', 'BY STAKE', 'EMISSION', ''],
    validators.map(({ name, group, stake, dividends, dividendsPerStake = 0, emission, uid }) => [
      uid === undefined ? `${name} (replaced)` : name,
      group,
      percent(stake, 2),
      percent(dividends, 2),
      dividendsPerStake.toFixed(2),
      percent(emission, 2),
      bar(dividendsPerStake, most),
    ]),
  )
}

function minerTable(miners: readonly Row[]): string {
  const most = Math.max(...miners.map(({ incentive }) => incentive))
  return table(
    ['MINER', 'KIND', 'SKILL', 'SCORE', 'WEIGHT', 'INCENTIVE', 'EMISSION', ''],
    miners.map(({ name, group, skill, score, weight, incentive, emission, uid }) => [
      uid === undefined ? `${name} (replaced)` : name,
      group,
      skill?.toFixed(2) ?? '',
      score?.toFixed(3) ?? '',
      weight === undefined ? '' : percent(weight, 2),
      percent(incentive, 2),
      percent(emission, 2),
      bar(incentive, most),
    ]),
  )
}

function bar(value: number, most: number): string {
  return most > 0 ? '█'.repeat(Math.round((barCharacters * value) / most)) : ''
}
