import { netuids, subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import type { ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { fieldsStruct, readFields } from './metagraphField.ts'
import { metagraphFields as fields } from './metagraphFields.ts'
import { subnetView } from './subnetView.ts'

/** The metagraph's terms of the pool, in another order and partly under other names. */
const dynamicInfoFields = {
  netuid: fields.netuid,
  owner_hotkey: fields.owner_hotkey,
  owner_coldkey: fields.owner_coldkey,
  subnet_name: fields.name,
  token_symbol: fields.symbol,
  tempo: fields.tempo,
  last_step: fields.last_step,
  blocks_since_last_step: fields.blocks_since_last_step,
  emission: fields.subnet_emission,
  alpha_in: fields.alpha_in,
  alpha_out: fields.alpha_out,
  tao_in: fields.tao_in,
  alpha_out_emission: fields.alpha_out_emission,
  alpha_in_emission: fields.alpha_in_emission,
  tao_in_emission: fields.tao_in_emission,
  pending_alpha_emission: fields.pending_alpha_emission,
  pending_root_emission: fields.pending_root_emission,
  subnet_volume: fields.subnet_volume,
  network_registered_at: fields.network_registered_at,
  subnet_identity: fields.identity,
  moving_price: fields.moving_price,
}

export const dynamicInfo = fieldsStruct('pallet_subtensor::rpc_info::dynamic_info::DynamicInfo', dynamicInfoFields)

/** `undefined` for a subnet that does not exist. */
export function readDynamicInfo(state: State, netuid: number): ValueOf<typeof dynamicInfo> | undefined {
  return subnetExists(state, netuid) ? readFields(dynamicInfoFields, subnetView(state, netuid)) : undefined
}

/** Those of all subnets in storage order. */
export function readAllDynamicInfo(state: State): (ValueOf<typeof dynamicInfo> | undefined)[] {
  return netuids(state).map((netuid) => readDynamicInfo(state, netuid))
}
