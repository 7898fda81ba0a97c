import { u64f64 } from '../../../fixed/fixedFormat.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { spotPrice } from '../swap.ts'
import { netuids } from './mechanisms.ts'
import { storage } from './storage.ts'

/**
 * What all stake on a hotkey is worth in TAO rao at today's prices, each subnet rounded down.
 *
 * @see facts: subtensor-chain.md, stake bookkeeping
 */
export function totalStakeOfHotkey(state: State, hotkey: AccountId): bigint {
  return netuids(state).reduce((sum, netuid) => {
    const alpha = state.get(storage.TotalHotkeyAlpha, hotkey, netuid)
    return alpha === 0n ? sum : sum + u64f64.floor(u64f64.mul(u64f64.fromInteger(alpha), spotPrice(state, netuid)))
  }, 0n)
}
