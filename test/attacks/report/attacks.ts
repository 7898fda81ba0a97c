import { crowd, publicSeed, queue } from './casts.ts'
import { withoutChance, withoutClaims, withoutFinalLine } from './exam.ts'
import type { Cast, Standing, SubnetRules } from './playSubnet.ts'

/** Who is compared with whom, and by what. */
export interface Attack {
  readonly name: string
  readonly defence: string
  readonly cast: () => Cast
  /** The attackers, and the miner whose work they use where there is one: what they earn together is what counts. */
  readonly attackers: readonly string[]
  /** Honest ones of that quality; what they earn on average is 1. */
  readonly honest: readonly string[]
  readonly pay: 'incentive' | 'dividendsPerStake'
  /** The most that the attackers may earn; null where it is measured only. */
  readonly most: number | null
  /** What leaves out the defence; absent where the chain itself is the defence. */
  readonly without?: SubnetRules
}

/** What attackers earned. */
export interface Earned {
  /** Of the emission of all miners, or of all validators. */
  readonly share: number
  /** As a multiple of what an honest one earned. */
  readonly times: number
}

const experts = ['expert-1', 'expert-2']
const askers = ['asker-1', 'asker-2']
const oneSource = {
  cast: crowd,
  honest: experts,
  pay: 'incentive',
  most: 1,
  without: { weaken: withoutClaims },
} as const
const pretence = { cast: crowd, honest: ['novice'], pay: 'incentive', most: 0.1 } as const

export const attacks: readonly Attack[] = [
  { ...oneSource, name: 'copy', defence: 'clusters', attackers: ['victim', 'copier'] },
  { ...oneSource, name: 'relay', defence: 'clusters', attackers: ['source', 'relay'] },
  { ...oneSource, name: 'hotkeys', defence: 'clusters', attackers: ['twin-1', 'twin-2', 'twin-3'] },
  {
    ...{ cast: crowd, honest: experts, pay: 'incentive', most: 1 },
    ...{ name: 'squat', defence: 'sessions bound to the hotkey', attackers: ['landlord', 'squatter'] },
  },
  {
    ...{ ...pretence, name: 'look-up', defence: 'fresh tasks from a secret seed', attackers: ['look-up'] },
    without: { publicSeed },
  },
  {
    ...{ ...pretence, name: 'constant', defence: 'guesses are taken off', attackers: ['constant'] },
    without: { weaken: withoutChance },
  },
  {
    ...{ ...pretence, name: 'hasty', defence: 'guesses are taken off', attackers: ['hasty'] },
    without: { weaken: withoutChance },
  },
  {
    ...{ ...pretence, name: 'injection', defence: 'the last line counts', attackers: ['injector'] },
    without: { weaken: withoutFinalLine },
  },
  {
    ...{ cast: crowd, honest: experts, pay: 'incentive', most: 0.1, without: { covertShare: 0 } },
    ...{ name: 'two-faced', defence: 'covert asks', attackers: ['two-faced'] },
  },
  {
    ...{ cast: queue, honest: ['prompt-1', 'prompt-2'], pay: 'incentive', most: null, without: { covertShare: 0 } },
    ...{ name: 'favours', defence: 'covert asks', attackers: ['favourer'] },
  },
  {
    ...{ ...pretence, name: 'collusion', defence: 'consensus (kappa)', attackers: ['friend'] },
    without: { kappa: 0 },
  },
  {
    ...{ cast: crowd, honest: askers, pay: 'dividendsPerStake', most: 0.8, without: { kappa: 0 } },
    ...{ name: 'idle', defence: 'consensus and bonds', attackers: ['idler'] },
  },
  {
    ...{ cast: crowd, honest: askers, pay: 'dividendsPerStake', most: null },
    ...{ name: 'weights-live', defence: 'commit and reveal', attackers: ['copycat'] },
  },
]

/** Whether the honest ones earn anything yet. */
export function isPaid({ honest, pay }: Attack, standing: Standing): boolean {
  return honest.some((name) => standing[pay].get(name)! > 0)
}

/** What the attackers earned as the subnet stands. @throws Error where no honest one earns anything yet */
export function earnedBy({ attackers, honest, pay }: Attack, standing: Standing): Earned {
  const sumOf = (names: readonly string[], of: ReadonlyMap<string, number>): number =>
    names.reduce((sum, name) => sum + of.get(name)!, 0)
  const one = sumOf(honest, standing[pay]) / honest.length
  if (one === 0) throw new Error(`${honest.join(' and ')} earn nothing in epoch ${standing.epoch}`)
  return {
    share: sumOf(attackers, pay === 'incentive' ? standing.incentive : standing.dividends),
    times: sumOf(attackers, standing[pay]) / one,
  }
}
