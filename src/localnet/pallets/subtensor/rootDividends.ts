import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { splitTake } from './delegateTake.ts'
import { addToPool } from './stakePool.ts'
import { poolOf } from './stakeWeight.ts'
import { storage } from './storage.ts'

const root = 0

/**
 * Books a hotkey's root dividend: the delegate's take is staked to its owner, the rest becomes claimable by all who
 * stake TAO on it.
 *
 * @param dividend alpha, raw U96F32
 * @returns rao that were booked
 * @see facts: emission.md, 7.4 and 7.5
 */
export function creditRootDividend(state: State, netuid: number, hotkey: AccountId, dividend: bigint): bigint {
  const { taken, rest } = splitTake(state, hotkey, dividend)
  const owner = state.get(storage.Owner, hotkey)
  const rootStake = poolOf(state, hotkey, root)
  addToPool(state, hotkey, owner, netuid, taken)
  if (rest > rootStake) addToPool(state, hotkey, owner, netuid, rest)
  else if (rest > 0n) {
    raiseClaimableRate(state, hotkey, netuid, (rest << 32n) / rootStake)
    state.update(storage.RootAlphaDividendsPerSubnet, [netuid, hotkey], (sum) => sum + rest)
  }
  return taken + rest
}

/** @param step alpha per root TAO, I96F32 */
function raiseClaimableRate(state: State, hotkey: AccountId, netuid: number, step: bigint): void {
  const rates = new Map(state.get(storage.RootClaimable, hotkey))
  rates.set(netuid, (rates.get(netuid) ?? 0n) + step)
  state.set(
    storage.RootClaimable,
    [hotkey],
    [...rates].sort(([a], [b]) => a - b),
  )
}

/** Alpha that a coldkey may claim from a hotkey's root dividends on a subnet. */
export function claimable(
  state: State,
  hotkey: AccountId,
  coldkey: AccountId,
  netuid: number,
  rootStake: bigint,
): bigint {
  const rate = state.get(storage.RootClaimable, hotkey).find(([id]) => id === netuid)?.[1] ?? 0n
  const owed = ((rate * rootStake) >> 32n) - state.get(storage.RootClaimed, netuid, hotkey, coldkey)
  return owed > 0n ? owed : 0n
}

/**
 * Keeps what a coldkey has already been paid in step with its root stake, so that stake that arrives later earns
 * nothing from the past.
 *
 * @param change TAO rao added (or, negative, removed) on root
 */
export function adjustClaimed(state: State, hotkey: AccountId, coldkey: AccountId, change: bigint): void {
  const size = change < 0n ? -change : change
  for (const [netuid, rate] of state.get(storage.RootClaimable, hotkey)) {
    const step = (rate * size) >> 32n
    if (step === 0n) continue
    state.update(storage.RootClaimed, [netuid, hotkey, coldkey], (claimed) =>
      change > 0n ? claimed + step : claimed > step ? claimed - step : 0n,
    )
  }
}
