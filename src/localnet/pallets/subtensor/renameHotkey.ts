import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import type { StorageItem } from '../../storage.ts'
import { renameInRelations } from './childRelations.ts'
import { storageIndices } from './mechanisms.ts'
import { addToPool, removeFromPool, stakeOf } from './stakePool.ts'
import { storage } from './storage.ts'

/** What a subnet knows of a hotkey, handed over to another one. @see facts: subtensor-chain.md, (d) swap_hotkey */

const root = 0

function moveEntry<V>(state: State, item: StorageItem<readonly [number, AccountId], V>, id: number, keys: Keys): void {
  if (!state.has(item, id, keys.old)) return
  state.set(item, [id, keys.fresh], state.get(item, id, keys.old) as NonNullable<V>)
  state.remove(item, id, keys.old)
}

interface Keys {
  readonly old: AccountId
  readonly fresh: AccountId
}

/**
 * The uid with all that hangs on it, relations to parents and children, and the places that name the hotkey. Timelocked
 * commits stay with the old one, as on the chain, and are dropped at their reveal: the payload names who made it.
 */
export function moveUid(state: State, netuid: number, old: AccountId, fresh: AccountId): void {
  const keys = { old, fresh }
  const uid = state.get(storage.Uids, netuid, old)
  if (uid !== undefined) {
    state.remove(storage.IsNetworkMember, old, netuid)
    state.set(storage.IsNetworkMember, [fresh, netuid], true)
    moveEntry(state, storage.Uids, netuid, keys)
    state.set(storage.Keys, [netuid, uid], fresh)
    moveEntry(state, storage.Prometheus, netuid, keys)
    moveEntry(state, storage.Axons, netuid, keys)
    moveEntry(state, storage.NeuronCertificates, netuid, keys)
    for (const index of storageIndices(state, netuid)) moveEntry(state, storage.WeightCommits, index, keys)
  }
  renameInRelations(state, netuid, old, fresh)
  moveAutoStake(state, netuid, keys)
  if (state.has(storage.SubnetOwnerHotkey, netuid) && state.get(storage.SubnetOwnerHotkey, netuid) === old) {
    state.set(storage.SubnetOwnerHotkey, [netuid], fresh)
  }
}

function moveAutoStake(state: State, netuid: number, { old, fresh }: Keys): void {
  const { AutoStakeDestination, AutoStakeDestinationColdkeys } = storage
  if (!state.has(AutoStakeDestinationColdkeys, old, netuid)) return
  const coldkeys = state.get(AutoStakeDestinationColdkeys, old, netuid)
  for (const coldkey of coldkeys) state.set(AutoStakeDestination, [coldkey, netuid], fresh)
  state.remove(AutoStakeDestinationColdkeys, old, netuid)
  state.update(AutoStakeDestinationColdkeys, [fresh, netuid], (present) => [...new Set([...present, ...coldkeys])])
}

/** The stake of all coldkeys, the records of dividends, and on root what may still be claimed. */
export function moveStakesOfHotkey(state: State, netuid: number, old: AccountId, fresh: AccountId): void {
  const last = state.get(storage.TotalHotkeyAlphaLastEpoch, old, netuid)
  if (last !== 0n) {
    state.remove(storage.TotalHotkeyAlphaLastEpoch, old, netuid)
    state.update(storage.TotalHotkeyAlphaLastEpoch, [fresh, netuid], (alpha) => alpha + last)
  }
  const dividends = state.get(storage.AlphaDividendsPerSubnet, netuid, old)
  if (dividends !== 0n) {
    state.remove(storage.AlphaDividendsPerSubnet, netuid, old)
    state.update(storage.AlphaDividendsPerSubnet, [netuid, fresh], (sum) => sum + dividends)
  }
  for (const coldkey of stakersOf(state, old, netuid)) moveStake(state, { old, fresh }, coldkey, netuid)
  if (netuid === root) moveRootClaims(state, { old, fresh })
}

function stakersOf(state: State, hotkey: AccountId, netuid: number): AccountId[] {
  return [...state.entries(storage.AlphaV2, hotkey)]
    .filter(([[, , id]]) => id === netuid)
    .map(([[, coldkey]]) => coldkey)
}

function moveStake(state: State, { old, fresh }: Keys, coldkey: AccountId, netuid: number): void {
  const alpha = removeFromPool(state, old, coldkey, netuid, stakeOf(state, old, coldkey, netuid))
  addToPool(state, fresh, coldkey, netuid, alpha)
  // The old hotkey is done with once nothing is staked on it anywhere.
  if ([...state.entries(storage.AlphaV2, old, coldkey)].length > 0) return
  state.update(storage.StakingHotkeys, [coldkey], (hotkeys) => hotkeys.filter((hotkey) => hotkey !== old))
}

function moveRootClaims(state: State, { old, fresh }: Keys): void {
  if (state.has(storage.RootClaimable, old)) {
    state.set(storage.RootClaimable, [fresh], state.get(storage.RootClaimable, old))
    state.remove(storage.RootClaimable, old)
  }
  for (const [[netuid, hotkey, coldkey], claimed] of [...state.entries(storage.RootClaimed)]) {
    if (hotkey !== old) continue
    state.remove(storage.RootClaimed, netuid, old, coldkey)
    state.set(storage.RootClaimed, [netuid, fresh, coldkey], claimed)
  }
}
