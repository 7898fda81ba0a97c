import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import type { StorageItem } from '../../storage.ts'
import { storageIndices } from './mechanisms.ts'
import { scoreItems } from './scores.ts'
import { storage } from './storage.ts'

/** Hotkey of a uid; `undefined` where the uid is not taken. */
export function hotkeyOf(state: State, netuid: number, uid: number): AccountId | undefined {
  return state.has(storage.Keys, netuid, uid) ? state.get(storage.Keys, netuid, uid) : undefined
}

/** Uid of the subnet-owner hotkey; `undefined` where it has none. */
export function ownerUid(state: State, netuid: number): number | undefined {
  if (!state.has(storage.SubnetOwnerHotkey, netuid)) return undefined
  return state.get(storage.Uids, netuid, state.get(storage.SubnetOwnerHotkey, netuid))
}

/** Writes the block at which a uid last set or committed weights. */
export function setLastUpdate(state: State, index: number, uid: number, block: number): void {
  const blocks = state.get(storage.LastUpdate, index).slice()
  while (blocks.length < uid) blocks.push(0n)
  blocks[uid] = BigInt(block)
  state.set(storage.LastUpdate, [index], blocks)
}

/**
 * Gives the next free uid to a hotkey. Uids of a subnet are always 0 … n − 1.
 *
 * @returns the new uid
 */
export function appendNeuron(state: State, netuid: number, hotkey: AccountId, block: number): number {
  const uid = state.get(storage.SubnetworkN, netuid)
  state.set(storage.SubnetworkN, [netuid], uid + 1)
  append(state, storage.Active, netuid, true)
  append(state, storage.Emission, netuid, 0n)
  append(state, storage.Consensus, netuid, 0)
  append(state, storage.Dividends, netuid, 0)
  append(state, storage.ValidatorTrust, netuid, 0)
  append(state, storage.ValidatorPermit, netuid, false)
  for (const item of scoreItems(state)) append(state, item, netuid, 0)
  for (const index of storageIndices(state, netuid)) {
    append(state, storage.Incentive, index, 0)
    setLastUpdate(state, index, uid, block)
  }
  takeSlot(state, netuid, uid, hotkey, block)
  return uid
}

/** Gives the uid of one hotkey to another and forgets what belonged to the first. */
export function replaceNeuron(state: State, netuid: number, uid: number, hotkey: AccountId, block: number): void {
  const old = state.get(storage.Keys, netuid, uid)
  // The owner hotkey is never replaced, not even where pruning named it.
  if (ownerUid(state, netuid) === uid) return
  state.remove(storage.Uids, netuid, old)
  state.remove(storage.IsNetworkMember, old, netuid)
  replaceAt(state, storage.Active, netuid, uid, true)
  takeSlot(state, netuid, uid, hotkey, block)
  state.remove(storage.Axons, netuid, old)
  state.remove(storage.NeuronCertificates, netuid, old)
  state.remove(storage.Prometheus, netuid, old)
  clearNeuron(state, netuid, uid)
  for (const index of storageIndices(state, netuid)) setLastUpdate(state, index, uid, block)
}

function takeSlot(state: State, netuid: number, uid: number, hotkey: AccountId, block: number): void {
  state.set(storage.Keys, [netuid, uid], hotkey)
  state.set(storage.Uids, [netuid, hotkey], uid)
  state.set(storage.BlockAtRegistration, [netuid, uid], BigInt(block))
  state.set(storage.IsNetworkMember, [hotkey, netuid], true)
}

/** @see facts: yuma-consensus.md, 3 (de-registration): bond columns pointing at the uid stay */
function clearNeuron(state: State, netuid: number, uid: number): void {
  replaceAt(state, storage.Emission, netuid, uid, 0n)
  replaceAt(state, storage.ValidatorPermit, netuid, uid, false)
  const figures = [storage.Consensus, storage.Dividends, storage.StakeWeight, storage.ValidatorTrust]
  for (const item of [...figures, ...scoreItems(state)]) {
    replaceAt(state, item, netuid, uid, 0)
  }
  for (const index of storageIndices(state, netuid)) {
    replaceAt(state, storage.Incentive, index, uid, 0)
    state.remove(storage.Bonds, index, uid)
    state.remove(storage.Weights, index, uid)
    for (const [key, row] of [...state.entries(storage.Weights, index)]) {
      if (!row.some(([target]) => target === uid)) continue
      state.set(
        storage.Weights,
        key,
        row.map(([target, value]) => [target, target === uid ? 0 : value]),
      )
    }
  }
}

type Vector<T> = StorageItem<readonly [number], T[]>

function append<T>(state: State, item: Vector<T>, index: number, value: T): void {
  state.set(item, [index], [...state.get(item, index), value])
}

/** Does nothing where the vector is shorter: `StakeWeight` is first written by an epoch. */
function replaceAt<T>(state: State, item: Vector<T>, index: number, uid: number, value: T): void {
  const values = state.get(item, index)
  if (uid < values.length) state.set(item, [index], values.with(uid, value))
}
