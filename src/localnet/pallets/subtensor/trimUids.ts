import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import type { StorageItem } from '../../storage.ts'
import { errors } from './errors.ts'
import { storageIndices } from './mechanisms.ts'
import { isImmune, sparedUids } from './pruning.ts'
import { scoreItems } from './scores.ts'
import { storage } from './storage.ts'

/** Immune and spared uids must stay below this share of the new maximum, in per cent. */
export const mostImmunePercent = 80n

/**
 * Lowers a subnet's maximum of uids and removes neurons until it holds: the lowest emission first, later uids first
 * among equals, none that is immune or the owner's. The uids of the rest move together.
 *
 * @throws DispatchFailure InvalidValue, TrimmingWouldExceedMaxImmunePercentage
 * @see subtensor `pallets/subtensor/src/subnets/uids.rs` trim_to_max_allowed_uids
 */
export function trimUids(state: State, netuid: number, most: number, block: number): void {
  if (most < state.get(storage.MinAllowedUids, netuid) || most > state.get(storage.MaxAllowedUids, netuid)) {
    throw errors.InvalidValue()
  }
  state.set(storage.MaxAllowedUids, [netuid], most)
  const count = state.get(storage.SubnetworkN, netuid)
  if (count <= most) return
  const spared = sparedUids(state, netuid)
  const uids = Array.from({ length: count }, (_, uid) => uid)
  const safe = new Set(uids.filter((uid) => spared.has(uid) || isImmune(state, netuid, uid, block)))
  if (BigInt(safe.size) * 100n >= mostImmunePercent * BigInt(most))
    throw errors.TrimmingWouldExceedMaxImmunePercentage()
  const gone = new Set(
    byEmission(
      state,
      netuid,
      uids.filter((uid) => !safe.has(uid)),
    ).slice(0, count - most),
  )
  keepOnly(
    state,
    netuid,
    uids.filter((uid) => !gone.has(uid)),
  )
}

function byEmission(state: State, netuid: number, uids: readonly number[]): number[] {
  const emissions = state.get(storage.Emission, netuid)
  const of = (uid: number): bigint => emissions[uid] ?? 0n
  return uids.toSorted((a, b) => (of(a) === of(b) ? b - a : of(a) < of(b) ? -1 : 1))
}

/** @param kept old uids, ascending: the place of each is its new uid */
function keepOnly(state: State, netuid: number, kept: readonly number[]): void {
  const hotkeys = kept.map((uid) => state.get(storage.Keys, netuid, uid))
  const registered = kept.map((uid) => state.get(storage.BlockAtRegistration, netuid, uid))
  forgetOthers(state, netuid, new Set(hotkeys))
  for (const item of [storage.Keys, storage.Uids, storage.BlockAtRegistration]) state.removePrefix(item, netuid)
  for (const [uid, hotkey] of hotkeys.entries()) {
    state.set(storage.Keys, [netuid, uid], hotkey)
    state.set(storage.Uids, [netuid, hotkey], uid)
    state.set(storage.BlockAtRegistration, [netuid, uid], registered[uid]!)
  }
  pick(state, storage.Emission, netuid, kept, 0n)
  pick(state, storage.Active, netuid, kept, false)
  pick(state, storage.ValidatorPermit, netuid, kept, false)
  const figures = [storage.Consensus, storage.Dividends, storage.ValidatorTrust, storage.StakeWeight]
  for (const item of [...figures, ...scoreItems(state)]) {
    pick(state, item, netuid, kept, 0)
  }
  const renamed = new Map(kept.map((old, uid) => [old, uid]))
  for (const index of storageIndices(state, netuid)) {
    pick(state, storage.Incentive, index, kept, 0)
    pick(state, storage.LastUpdate, index, kept, 0n)
    for (const item of [storage.Weights, storage.Bonds]) moveRows(state, item, index, renamed)
  }
  state.set(storage.SubnetworkN, [netuid], kept.length)
}

function forgetOthers(state: State, netuid: number, kept: ReadonlySet<AccountId>): void {
  for (const [, hotkey] of [...state.entries(storage.Keys, netuid)]) {
    if (kept.has(hotkey)) continue
    state.remove(storage.IsNetworkMember, hotkey, netuid)
    state.remove(storage.AlphaDividendsPerSubnet, netuid, hotkey)
    state.remove(storage.Axons, netuid, hotkey)
    state.remove(storage.NeuronCertificates, netuid, hotkey)
    state.remove(storage.Prometheus, netuid, hotkey)
  }
}

function pick<T>(
  state: State,
  item: StorageItem<readonly [number], T[]>,
  index: number,
  kept: readonly number[],
  otherwise: T,
): void {
  const values = state.get(item, index)
  state.set(
    item,
    [index],
    kept.map((uid) => values[uid] ?? otherwise),
  )
}

type Rows = StorageItem<readonly [number, number], [number, number][]>

/** Rows and their targets get the new uids; what belongs to no new uid goes. */
function moveRows(state: State, item: Rows, index: number, renamed: ReadonlyMap<number, number>): void {
  const rows = [...state.entries(item, index)]
  state.removePrefix(item, index)
  for (const [[, uid], row] of rows) {
    const place = renamed.get(uid)
    if (place === undefined) continue
    const targets = row.flatMap(([target, value]): [number, number][] => {
      const moved = renamed.get(target)
      return moved === undefined ? [] : [[moved, value]]
    })
    state.set(item, [index, place], targets)
  }
}
