import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { storage } from './storage.ts'

const wholeProportion = (1n << 64n) - 1n
const root = 0

/** A share of 2^64 − 1 as U96F32. */
export function proportionOf(share: bigint): bigint {
  return (share << 32n) / wholeProportion
}

/** The hotkey's own pool on a subnet, without parents and children. */
export function poolOf(state: State, hotkey: AccountId, netuid: number): bigint {
  return state.get(storage.TotalHotkeyAlpha, hotkey, netuid)
}

/**
 * Stake that counts for a hotkey on a subnet: its pool, less what its children hold, plus what it holds of its
 * parents. All terms are U96F32, products round down.
 *
 * @param poolNetuid the subnet itself for alpha, 0 for TAO; the relations are always those of `netuid`
 * @see facts: yuma-consensus.md, 3.1
 */
export function inheritedStake(state: State, hotkey: AccountId, netuid: number, poolNetuid: number): bigint {
  const own = poolOf(state, hotkey, poolNetuid) << 32n
  if (netuid === root) return own >> 32n
  let given = 0n
  for (const [share] of state.get(storage.ChildKeys, hotkey, netuid)) given += (own * proportionOf(share)) >> 32n
  let received = 0n
  for (const [share, parent] of state.get(storage.ParentKeys, hotkey, netuid)) {
    received += ((poolOf(state, parent, poolNetuid) << 32n) * proportionOf(share)) >> 32n
  }
  const kept = own > given ? own - given : 0n
  return (kept + received) >> 32n
}

/** The global weight of root TAO as U96F32: stored / (2^64 − 1). */
export function taoWeight(state: State): bigint {
  return (state.get(storage.TaoWeight) << 32n) / wholeProportion
}

/**
 * Alpha plus weighted root TAO, inheritance included, rounded down: what stake thresholds and permits compare.
 *
 * @see facts: yuma-consensus.md, 4 step 2
 */
export function stakeWeightOf(state: State, hotkey: AccountId, netuid: number): bigint {
  const alpha = inheritedStake(state, hotkey, netuid, netuid)
  const tao = inheritedStake(state, hotkey, netuid, root)
  return ((alpha << 32n) + tao * taoWeight(state)) >> 32n
}
