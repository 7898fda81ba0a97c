import { netuids, subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import { scoresOf } from '../../pallets/subtensor/scores.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import { accountId, alphaBalance, netUid, taoBalance } from '../../scale/chainTypes.ts'
import { bool, compact, struct, u16, u64, type ValueOf, vec } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { subnetView } from './subnetView.ts'

export const subnetState = struct('pallet_subtensor::rpc_info::show_subnet::SubnetState', {
  netuid: compact(netUid),
  hotkeys: vec(accountId),
  coldkeys: vec(accountId),
  active: vec(bool),
  validator_permit: vec(bool),
  pruning_score: vec(compact(u16)),
  last_update: vec(compact(u64)),
  emission: vec(compact(alphaBalance)),
  dividends: vec(compact(u16)),
  incentives: vec(compact(u16)),
  consensus: vec(compact(u16)),
  trust: vec(compact(u16)),
  rank: vec(compact(u16)),
  block_at_registration: vec(compact(u64)),
  alpha_stake: vec(compact(alphaBalance)),
  tao_stake: vec(compact(taoBalance)),
  total_stake: vec(compact(taoBalance)),
  emission_history: vec(vec(compact(alphaBalance))),
})

/** A subnet's vectors by uid. `undefined` for a subnet that does not exist. */
export function readSubnetState(state: State, netuid: number): ValueOf<typeof subnetState> | undefined {
  if (!subnetExists(state, netuid)) return undefined
  const { hotkeys, coldkeys, stakes } = subnetView(state, netuid)
  const scores = scoresOf(state, netuid)
  return {
    netuid,
    hotkeys: [...hotkeys],
    coldkeys: [...coldkeys],
    active: state.get(storage.Active, netuid),
    validator_permit: state.get(storage.ValidatorPermit, netuid),
    pruning_score: scores.pruning,
    last_update: state.get(storage.LastUpdate, netuid),
    emission: state.get(storage.Emission, netuid),
    dividends: state.get(storage.Dividends, netuid),
    incentives: state.get(storage.Incentive, netuid),
    consensus: state.get(storage.Consensus, netuid),
    trust: scores.trust,
    rank: scores.rank,
    block_at_registration: hotkeys.map((_, uid) => state.get(storage.BlockAtRegistration, netuid, uid)),
    alpha_stake: stakes.map(({ alpha }) => alpha),
    tao_stake: stakes.map(({ tao }) => tao),
    total_stake: stakes.map(({ total }) => total >> 32n),
    // For each subnet of the chain, these hotkeys' last emission there.
    emission_history: netuids(state).map((other) =>
      hotkeys.map((hotkey) => state.get(storage.LastHotkeyEmissionOnNetuid, hotkey, other)),
    ),
  }
}
