import type { GroupRow, Row } from './rows.ts'

export type WarningCode =
  | 'attack-pays'
  | 'idle-validator-pays'
  | 'luck-decides'
  | 'slow-ranking'
  | 'one-takes-all'
  | 'nobody-paid'

/** Something that the owner of a subnet should change before opening it. */
export interface Warning {
  readonly code: WarningCode
  /** Whom it is about: a group or a neuron. */
  readonly about: string
  readonly text: string
}

/** An attack may be off by so much and still count as no better than honesty. */
const tolerance = 1.1
/** A validator that does no work should earn clearly less by stake than those that do. */
const idleRate = 0.95
const leastRanking = 0.7
/** Miners whose skills are this near are alike; those alike should earn alike. */
const alikeSkill = 0.02
const luckRatio = 1.5
const mostShare = 0.9

/** Groups whose answers come from a model as good as another miner's; the others have none. */
const hasModel = new Set(['copy', 'hotkeys', 'swapped', 'validators-only'])

export interface Judged {
  readonly epochs: number
  readonly groups: readonly GroupRow[]
  readonly neurons: readonly Row[]
  readonly firstRanking: number
}

export function warningsOf({ neurons, groups, firstRanking, epochs }: Judged): Warning[] {
  if (epochs === 0) return []
  const miners = neurons.filter(({ role }) => role === 'miner')
  const honest = miners.filter(({ group }) => group === 'honest')
  const ranking =
    firstRanking >= leastRanking
      ? []
      : [
          {
            code: 'slow-ranking' as const,
            about: 'honest',
            text: `after one epoch scores and skills correlate by ${firstRanking.toFixed(2)}, below ${leastRanking}: ask more, or harder questions`,
          },
        ]
  return [
    ...attackWarnings(groups, honest),
    ...idleWarnings(neurons),
    ...luckWarnings(honest),
    ...ranking,
    ...shareWarnings(miners),
  ]
}

function attackWarnings(groups: readonly GroupRow[], honest: readonly Row[]): Warning[] {
  if (honest.length === 0) return []
  const weakest = honest.reduce((least, one) => (one.skill! < least.skill! ? one : least))
  const best = honest.reduce((most, one) => (one.incentive > most.incentive ? one : most))
  return groups.flatMap(({ role, group, neurons, incentive }) => {
    if (role !== 'miner' || group === 'honest' || group === 'newcomer') return []
    // No attack of a model should earn more than the best honest miner, none without one more than the weakest.
    const than = hasModel.has(group) ? best : weakest
    if (incentive <= tolerance * than.incentive) return []
    const who = neurons === 1 ? group : `${group} (${neurons} hotkeys)`
    const text = `${who} earns ${percent(incentive)} of the incentives, more than ${than.name} with ${percent(than.incentive)}`
    return [{ code: 'attack-pays' as const, about: group, text }]
  })
}

function idleWarnings(neurons: readonly Row[]): Warning[] {
  return neurons.flatMap(({ role, group, name, dividendsPerStake = 0 }) => {
    if (role !== 'validator' || group === 'honest' || dividendsPerStake < idleRate) return []
    const text = `${name} earns ${percent(dividendsPerStake)} of an honest validator's dividends by stake`
    return [{ code: 'idle-validator-pays' as const, about: name, text }]
  })
}

function luckWarnings(honest: readonly Row[]): Warning[] {
  const mean = honest.reduce((sum, { incentive }) => sum + incentive, 0) / honest.length
  const sorted = honest.filter(({ uid }) => uid !== undefined).sort((a, b) => a.skill! - b.skill!)
  return sorted.slice(1).flatMap((one, i) => {
    const other = sorted[i]!
    if (one.skill! - other.skill! > alikeSkill) return []
    const [less, more] = one.incentive < other.incentive ? [one, other] : [other, one]
    // Those who can hardly be told from guessers earn little, and that little by luck.
    if (more.incentive < mean || more.incentive <= luckRatio * less.incentive) return []
    const text = `${less.name} and ${more.name} are equally good, yet one earns ${percent(less.incentive)} and the other ${percent(more.incentive)}`
    return [{ code: 'luck-decides' as const, about: `${less.name}, ${more.name}`, text }]
  })
}

function shareWarnings(miners: readonly Row[]): Warning[] {
  if (miners.length === 0) return []
  const best = miners.reduce((most, one) => (one.incentive > most.incentive ? one : most))
  if (best.incentive === 0) return [{ code: 'nobody-paid', about: 'miners', text: 'no miner earns anything' }]
  if (best.incentive <= mostShare || miners.length === 1) return []
  const text = `${best.name} earns ${percent(best.incentive)} of the incentives: nobody else has a reason to stay`
  return [{ code: 'one-takes-all', about: best.name, text }]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
