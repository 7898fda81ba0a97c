import { subnetExists } from '../pallets/subtensor/mechanisms.ts'
import { scoresOf } from '../pallets/subtensor/scores.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { axonInfo, prometheusInfo } from '../pallets/subtensor/types.ts'
import { hotkeyOf } from '../pallets/subtensor/uids.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { type AccountId, accountId, alphaBalance, netUid } from '../scale/chainTypes.ts'
import { bool, compact, option, struct, tuple, u16, u64, type ValueOf, vec } from '../scale/types.ts'
import type { State } from '../state.ts'
import { axonOf, prometheusOf } from './subnetInfo/endpoints.ts'

const pairs = vec(tuple(compact(u16), compact(u16)))

const identityFields = {
  hotkey: accountId,
  coldkey: accountId,
  uid: compact(u16),
  netuid: compact(netUid),
  active: bool,
  axon_info: axonInfo,
  prometheus_info: prometheusInfo,
  stake: vec(tuple(accountId, compact(alphaBalance))),
  rank: compact(u16),
  emission: compact(alphaBalance),
  incentive: compact(u16),
  consensus: compact(u16),
  trust: compact(u16),
  validator_trust: compact(u16),
  dividends: compact(u16),
  last_update: compact(u64),
  validator_permit: bool,
}

const neuronInfo = struct('pallet_subtensor::rpc_info::neuron_info::NeuronInfo', {
  ...identityFields,
  weights: pairs,
  bonds: pairs,
  pruning_score: compact(u16),
})

const neuronInfoLite = struct('pallet_subtensor::rpc_info::neuron_info::NeuronInfoLite', {
  ...identityFields,
  pruning_score: compact(u16),
})

type NeuronInfo = ValueOf<typeof neuronInfo>
type NeuronInfoLite = ValueOf<typeof neuronInfoLite>

/** One neuron, and the subnet's vectors that it has an element of. */
interface NeuronView {
  readonly state: State
  readonly netuid: number
  readonly uid: number
  readonly hotkey: AccountId
  readonly columns: Columns
}

type Columns = ReturnType<typeof readColumns>

/** Read once for all neurons of a subnet: each vector is one stored value. Of the mechanisms, 0 is shown. */
function readColumns(state: State, netuid: number) {
  return {
    active: state.get(storage.Active, netuid),
    emission: state.get(storage.Emission, netuid),
    incentive: state.get(storage.Incentive, netuid),
    consensus: state.get(storage.Consensus, netuid),
    validatorTrust: state.get(storage.ValidatorTrust, netuid),
    dividends: state.get(storage.Dividends, netuid),
    lastUpdate: state.get(storage.LastUpdate, netuid),
    validatorPermit: state.get(storage.ValidatorPermit, netuid),
    scores: scoresOf(state, netuid),
  }
}

/** In releases that compute them no longer, rank and trust are 0 and the pruning score 65535. */
function liteInfo({ state, netuid, uid, hotkey, columns }: NeuronView): NeuronInfoLite {
  const coldkey = state.get(storage.Owner, hotkey)
  return {
    hotkey,
    coldkey,
    uid,
    netuid,
    active: columns.active[uid] ?? false,
    axon_info: axonOf(state, netuid, hotkey),
    prometheus_info: prometheusOf(state, netuid, hotkey),
    // All that is staked on the hotkey here, whoever staked it, under the owner's name.
    stake: [[coldkey, state.get(storage.TotalHotkeyAlpha, hotkey, netuid)]],
    rank: columns.scores.rank[uid] ?? 0,
    emission: columns.emission[uid] ?? 0n,
    incentive: columns.incentive[uid] ?? 0,
    consensus: columns.consensus[uid] ?? 0,
    trust: columns.scores.trust[uid] ?? 0,
    validator_trust: columns.validatorTrust[uid] ?? 0,
    dividends: columns.dividends[uid] ?? 0,
    last_update: columns.lastUpdate[uid] ?? 0n,
    validator_permit: columns.validatorPermit[uid] ?? false,
    pruning_score: columns.scores.pruning[uid] ?? 65_535,
  }
}

/** Weights and bonds are those of mechanism 0, in stored order, without zeros. */
function fullInfo(view: NeuronView): NeuronInfo {
  const { state, netuid, uid } = view
  const withoutZeros = (row: [number, number][]): [number, number][] => row.filter(([, value]) => value > 0)
  return {
    ...liteInfo(view),
    weights: withoutZeros(state.get(storage.Weights, netuid, uid)),
    bonds: withoutZeros(state.get(storage.Bonds, netuid, uid)),
  }
}

type Describe<Info> = (view: NeuronView) => Info

/** Those of these uids that are taken; none for a subnet that does not exist. */
function describeAll<Info>(state: State, netuid: number, uids: readonly number[], describe: Describe<Info>): Info[] {
  if (!subnetExists(state, netuid)) return []
  const columns = readColumns(state, netuid)
  return uids.flatMap((uid) => {
    const hotkey = hotkeyOf(state, netuid, uid)
    return hotkey === undefined ? [] : [describe({ state, netuid, uid, hotkey, columns })]
  })
}

function neuron<Info>(state: State, netuid: number, uid: number, describe: Describe<Info>): Info | undefined {
  return describeAll(state, netuid, [uid], describe)[0]
}

function neurons<Info>(state: State, netuid: number, describe: Describe<Info>): Info[] {
  const uids = Array.from({ length: state.get(storage.SubnetworkN, netuid) }, (_, uid) => uid)
  return describeAll(state, netuid, uids, describe)
}

/** The neurons of a subnet; `lite` leaves weights and bonds out. @see facts: subtensor-chain.md, (b) */
export const neuronInfoApi: RuntimeApi = {
  name: 'NeuronInfoRuntimeApi',
  version: 1,
  methods: {
    get_neurons: method({ netuid: netUid }, vec(neuronInfo), ({ state }, { netuid }) =>
      neurons(state, netuid, fullInfo),
    ),
    get_neuron: method({ netuid: netUid, uid: u16 }, option(neuronInfo), ({ state }, { netuid, uid }) =>
      neuron(state, netuid, uid, fullInfo),
    ),
    get_neurons_lite: method({ netuid: netUid }, vec(neuronInfoLite), ({ state }, { netuid }) =>
      neurons(state, netuid, liteInfo),
    ),
    get_neuron_lite: method({ netuid: netUid, uid: u16 }, option(neuronInfoLite), ({ state }, { netuid, uid }) =>
      neuron(state, netuid, uid, liteInfo),
    ),
  },
}
