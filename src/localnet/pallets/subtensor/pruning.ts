import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { storage } from './storage.ts'
import { hotkeyOf, ownerUid } from './uids.ts'

interface Candidate {
  readonly uid: number
  readonly emission: bigint
  readonly registered: bigint
}

/**
 * The uid that makes room for a newcomer in a full subnet: the lowest (emission, registration block, uid) among the
 * neurons past their immunity, or, while too few of those are left, among the immune ones. The owner's own are spared.
 *
 * @returns `undefined` where nobody may be pruned
 * @see facts: subtensor-chain.md, (d) UID assignment and pruning; emission.md, 8
 */
export function neuronToPrune(state: State, netuid: number, block: number): number | undefined {
  const spared = sparedUids(state, netuid)
  const emissions = state.get(storage.Emission, netuid)
  const open: Candidate[] = []
  const immune: Candidate[] = []
  for (let uid = 0; uid < state.get(storage.SubnetworkN, netuid); uid++) {
    if (spared.has(uid) || hotkeyOf(state, netuid, uid) === undefined) continue
    const registered = state.get(storage.BlockAtRegistration, netuid, uid)
    const list = isImmune(state, netuid, uid, block) ? immune : open
    list.push({ uid, emission: emissions[uid] ?? 0n, registered })
  }
  const mayPruneOpen = open.length > state.get(storage.MinNonImmuneUids, netuid)
  return (mayPruneOpen ? lowest(open) : lowest(immune))?.uid
}

/** Whether a neuron is too young to be pruned. */
export function isImmune(state: State, netuid: number, uid: number, block: number): boolean {
  const age = BigInt(block) - state.get(storage.BlockAtRegistration, netuid, uid)
  return age < BigInt(state.get(storage.ImmunityPeriod, netuid))
}

function lowest(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.toSorted(
    (a, b) => compare(a.emission, b.emission) || compare(a.registered, b.registered) || a.uid - b.uid,
  )[0]
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first `ImmuneOwnerUidsLimit` uids of the owner's hotkeys, oldest first, the subnet-owner hotkey before them. */
export function sparedUids(state: State, netuid: number): ReadonlySet<number> {
  const limit = state.get(storage.ImmuneOwnerUidsLimit, netuid)
  const owned = state
    .get(storage.OwnedHotkeys, state.get(storage.SubnetOwner, netuid))
    .map((hotkey: AccountId) => state.get(storage.Uids, netuid, hotkey))
    .filter((uid) => uid !== undefined)
    .toSorted((a, b) => {
      const byBlock = compare(
        state.get(storage.BlockAtRegistration, netuid, a),
        state.get(storage.BlockAtRegistration, netuid, b),
      )
      return byBlock || a - b
    })
    .slice(0, limit)
  const ownerHotkey = ownerUid(state, netuid)
  const list = ownerHotkey === undefined || owned.includes(ownerHotkey) ? owned : [ownerHotkey, ...owned]
  return new Set(list.slice(0, limit))
}
