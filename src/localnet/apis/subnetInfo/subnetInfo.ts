import { netuids, subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import { subnetAccount } from '../../pallets/subtensor/subnetAccount.ts'
import { subnetToPrune } from '../../pallets/subtensor/subnetToPrune.ts'
import { method, type RuntimeApi } from '../../runtime.ts'
import { accountId, mechId, netUid } from '../../scale/chainTypes.ts'
import { option, u16, u64, vec } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { blockNumber } from '../blockNumber.ts'
import { dynamicInfo, readAllDynamicInfo, readDynamicInfo } from './dynamicInfo.ts'
import { hyperparameterList, readHyperparameterList } from './hyperparameterList.ts'
import { readHyperparameters, subnetHyperparams, subnetHyperparamsV2 } from './hyperparameters.ts'
import { metagraph, readAllMechagraphs, readAllMetagraphs, readMetagraph } from './metagraph.ts'
import { readSelectiveMechagraph, readSelectiveMetagraph, selectiveMetagraph } from './selectiveMetagraph.ts'
import { readSubnetState, subnetState } from './subnetState.ts'
import { readSubnetInfo, readSubnetInfoV2, subnetInfo, subnetInfoV2 } from './subnetSummary.ts'

const root = 0
const one = { netuid: netUid }
const chosenFields = { metagraph_indexes: vec(u16) }

/** Ascending, unlike the lists of metagraphs. Netuids that nobody has are left out. */
function eachSubnet<Info>(state: State, read: (state: State, netuid: number) => Info): Info[] {
  return netuids(state)
    .filter((netuid) => subnetExists(state, netuid))
    .sort((a, b) => a - b)
    .map((netuid) => read(state, netuid))
}

/** Where the next epoch is expected, by tempo or by the owner's trigger; `undefined` for a subnet that has none. */
function nextEpoch(state: State, netuid: number): bigint | undefined {
  const tempo = BigInt(state.get(storage.Tempo, netuid))
  if (tempo === 0n) return undefined
  const due = state.get(storage.LastEpochBlock, netuid) + tempo
  const triggered = state.get(storage.PendingEpochAt, netuid)
  return triggered > 0n && triggered < due ? triggered : due
}

const summaries = {
  get_subnet_info: method(one, option(subnetInfo), ({ state }, { netuid }) => readSubnetInfo(state, netuid)),
  get_subnets_info: method({}, vec(option(subnetInfo)), ({ state }) => eachSubnet(state, readSubnetInfo)),
  get_subnet_info_v2: method(one, option(subnetInfoV2), ({ state }, { netuid }) => readSubnetInfoV2(state, netuid)),
  get_subnets_info_v2: method({}, vec(option(subnetInfoV2)), ({ state }) => eachSubnet(state, readSubnetInfoV2)),
  get_subnet_hyperparams: method(one, option(subnetHyperparams), ({ state }, { netuid }) =>
    readHyperparameters(state, netuid),
  ),
  get_subnet_hyperparams_v2: method(one, option(subnetHyperparamsV2), ({ state }, { netuid }) =>
    readHyperparameters(state, netuid),
  ),
  get_all_dynamic_info: method({}, vec(option(dynamicInfo)), ({ state }) => readAllDynamicInfo(state)),
}

const metagraphs = {
  get_all_metagraphs: method({}, vec(option(metagraph)), ({ state }) => readAllMetagraphs(state)),
  get_metagraph: method(one, option(metagraph), ({ state }, { netuid }) => readMetagraph(state, netuid)),
  get_all_mechagraphs: method({}, vec(option(metagraph)), ({ state }) => readAllMechagraphs(state)),
  get_mechagraph: method({ ...one, mecid: mechId }, option(metagraph), ({ state }, { netuid, mecid }) =>
    readMetagraph(state, netuid, mecid),
  ),
  get_dynamic_info: method(one, option(dynamicInfo), ({ state }, { netuid }) => readDynamicInfo(state, netuid)),
  get_subnet_state: method(one, option(subnetState), ({ state }, { netuid }) => readSubnetState(state, netuid)),
  get_selective_metagraph: method({ ...one, ...chosenFields }, option(selectiveMetagraph), ({ state }, args) =>
    readSelectiveMetagraph(state, args.netuid, args.metagraph_indexes),
  ),
}

const others = {
  get_coldkey_auto_stake_hotkey: method(
    { coldkey: accountId, ...one },
    option(accountId),
    ({ state }, { coldkey, netuid }) => state.get(storage.AutoStakeDestination, coldkey, netuid),
  ),
  get_selective_mechagraph: method(
    { ...one, subid: mechId, ...chosenFields },
    option(selectiveMetagraph),
    ({ state }, args) => readSelectiveMechagraph(state, args.netuid, args.subid, args.metagraph_indexes),
  ),
  get_subnet_to_prune: method({}, option(netUid), ({ state }) => subnetToPrune(state, blockNumber(state))),
  get_subnet_account_id: method(one, option(accountId), ({ state }, { netuid }) =>
    netuid === root || subnetExists(state, netuid) ? subnetAccount(netuid) : undefined,
  ),
  get_next_epoch_start_block: method(one, option(u64), ({ state }, { netuid }) => nextEpoch(state, netuid)),
  get_subnet_hyperparams_v3: method(one, option(hyperparameterList), ({ state }, { netuid }) =>
    readHyperparameterList(state, netuid),
  ),
}

/** Subnets, their parameters and their metagraphs, methods in the order of 424. @see facts: subtensor-chain.md, (b) */
export const subnetInfoApi: RuntimeApi = {
  name: 'SubnetInfoRuntimeApi',
  version: 2,
  methods: { ...summaries, ...metagraphs, ...others },
}
