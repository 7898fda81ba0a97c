import { subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import { subnetIdentity } from '../../pallets/subtensor/types.ts'
import { accountId, netUid, taoBalance } from '../../scale/chainTypes.ts'
import {
  compact,
  option,
  type ScaleType,
  type Shape,
  struct,
  tuple,
  u16,
  u64,
  type ValueOf,
  vec,
} from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { weightsLimit } from './hyperparameters.ts'

/** `[u16; 2]` */
const pair: ScaleType<[number, number]> = {
  ...tuple(u16, u16),
  shape: { kind: 'array', length: 2, of: u16 } satisfies Shape,
}

const parameterFields = {
  netuid: compact(netUid),
  rho: compact(u16),
  kappa: compact(u16),
  difficulty: compact(u64),
  immunity_period: compact(u16),
  max_allowed_validators: compact(u16),
  min_allowed_weights: compact(u16),
  max_weights_limit: compact(u16),
  scaling_law_power: compact(u16),
  subnetwork_n: compact(u16),
  max_allowed_uids: compact(u16),
  blocks_since_last_step: compact(u64),
  tempo: compact(u16),
  network_modality: compact(u16),
  network_connect: vec(pair),
}

export const subnetInfo = struct('pallet_subtensor::rpc_info::subnet_info::SubnetInfo', {
  ...parameterFields,
  emission_values: compact(u64),
  burn: compact(taoBalance),
  owner: accountId,
})

export const subnetInfoV2 = struct('pallet_subtensor::rpc_info::subnet_info::SubnetInfov2', {
  ...parameterFields,
  emission_value: compact(u64),
  burn: compact(taoBalance),
  owner: accountId,
  identity: option(subnetIdentity),
})

/** Emission, modality and connections are fields that the chain no longer fills. */
function summary(state: State, netuid: number) {
  return {
    netuid,
    rho: state.get(storage.Rho, netuid),
    kappa: state.get(storage.Kappa, netuid),
    difficulty: state.get(storage.Difficulty, netuid),
    immunity_period: state.get(storage.ImmunityPeriod, netuid),
    max_allowed_validators: state.get(storage.MaxAllowedValidators, netuid),
    min_allowed_weights: state.get(storage.MinAllowedWeights, netuid),
    max_weights_limit: weightsLimit,
    scaling_law_power: state.get(storage.ScalingLawPower, netuid),
    subnetwork_n: state.get(storage.SubnetworkN, netuid),
    max_allowed_uids: state.get(storage.MaxAllowedUids, netuid),
    blocks_since_last_step: state.get(storage.BlocksSinceLastStep, netuid),
    tempo: state.get(storage.Tempo, netuid),
    network_modality: 0,
    network_connect: [],
    burn: state.get(storage.Burn, netuid),
    owner: state.get(storage.SubnetOwner, netuid),
  }
}

/** `undefined` for a subnet that does not exist. */
export function readSubnetInfo(state: State, netuid: number): ValueOf<typeof subnetInfo> | undefined {
  return subnetExists(state, netuid) ? { ...summary(state, netuid), emission_values: 0n } : undefined
}

/** The same with the subnet's identity. */
export function readSubnetInfoV2(state: State, netuid: number): ValueOf<typeof subnetInfoV2> | undefined {
  if (!subnetExists(state, netuid)) return undefined
  return { ...summary(state, netuid), emission_value: 0n, identity: state.get(storage.SubnetIdentitiesV3, netuid) }
}
