import { storageIndex } from '../../pallets/subtensor/mechanisms.ts'
import { inheritedStake, taoWeight } from '../../pallets/subtensor/stakeWeight.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { blockNumber } from '../blockNumber.ts'

const root = 0
const largestIndex = 65_535

/** What a hotkey's stake counts for on a subnet. */
export interface StakeWeights {
  /** Its alpha, inheritance included. */
  readonly alpha: bigint
  /** Its root TAO in rao, inheritance included, not weighted. */
  readonly tao: bigint
  /** Alpha plus weighted TAO with 32 fractional bits. */
  readonly total: bigint
}

/** @see facts: yuma-consensus.md, 4 step 2 */
export function stakeWeightsOf(state: State, hotkey: AccountId, netuid: number): StakeWeights {
  const alpha = inheritedStake(state, hotkey, netuid, netuid)
  const tao = inheritedStake(state, hotkey, netuid, root)
  return { alpha, tao, total: (alpha << 32n) + tao * taoWeight(state) }
}

/** One subnet, seen through one of its mechanisms, in one state. What several fields share is read once. */
export interface SubnetView {
  readonly state: State
  readonly netuid: number
  /** Where the mechanism's own vectors are stored; the netuid itself for mechanism 0. */
  readonly index: number
  readonly block: bigint
  /** By uid. */
  readonly hotkeys: readonly AccountId[]
  readonly coldkeys: readonly AccountId[]
  readonly stakes: readonly StakeWeights[]
}

export function subnetView(state: State, netuid: number, mecid = 0): SubnetView {
  const hotkeys = once(() =>
    Array.from({ length: state.get(storage.SubnetworkN, netuid) }, (_, uid) => state.get(storage.Keys, netuid, uid)),
  )
  const coldkeys = once(() => hotkeys().map((hotkey) => state.get(storage.Owner, hotkey)))
  const stakes = once(() => hotkeys().map((hotkey) => stakeWeightsOf(state, hotkey, netuid)))
  return {
    state,
    netuid,
    // As the chain's u16 arithmetic does for mechanisms that cannot exist.
    index: Math.min(storageIndex(netuid, mecid), largestIndex),
    block: BigInt(blockNumber(state)),
    get hotkeys() {
      return hotkeys()
    },
    get coldkeys() {
      return coldkeys()
    },
    get stakes() {
      return stakes()
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
