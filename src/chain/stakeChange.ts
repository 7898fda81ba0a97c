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

/** Reads StakeAdded or StakeRemoved (coldkey, hotkey, TAO, alpha, netuid, fee); zeros where neither is there. */
export function stakeChange({ events }: Submitted): StakeChange {
  const found = events.find(({ event }) => event.method === 'StakeAdded' || event.method === 'StakeRemoved')
  const at = (index: number): Rao => asBigint(found?.event.data[index]) as Rao
  return { taoRao: at(2), alphaRao: at(3), swapFeeRao: at(5) }
}
