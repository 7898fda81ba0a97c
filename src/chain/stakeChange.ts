import type { Rao } from '../base/units.ts'
import type { Submitted } from './submit.ts'
import { asBigint } from './values.ts'

/** What a stake operation exchanged, as its event says. */
export interface StakeChange {
  readonly taoRao: Rao
  readonly alphaRao: Rao
  /** What the pool kept, in rao of what was given: TAO for staking, alpha for unstaking. */
  readonly swapFeeRao: Rao
}

/**
 * Reads StakeAdded or StakeRemoved (coldkey, hotkey, TAO, alpha, netuid, fee); zeros where neither is there. Of several
 * the largest is meant: a fee that is paid out of stake is unstaked before, what is left of a nomination afterwards.
 */
export function stakeChange({ events }: Submitted): StakeChange {
  const changes = events
    .filter(({ event }) => event.method === 'StakeAdded' || event.method === 'StakeRemoved')
    .map(({ event: { data } }): StakeChange => {
      const at = (index: number): Rao => asBigint(data[index]) as Rao
      return { taoRao: at(2), alphaRao: at(3), swapFeeRao: at(5) }
    })
  const none: StakeChange = { taoRao: 0n as Rao, alphaRao: 0n as Rao, swapFeeRao: 0n as Rao }
  return changes.reduce((largest, change) => (change.taoRao > largest.taoRao ? change : largest), none)
}
