import { netuids, subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import type { ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { fieldsStruct, readFields } from './metagraphField.ts'
import { metagraphFields } from './metagraphFields.ts'
import { subnetView } from './subnetView.ts'

export const metagraph = fieldsStruct('pallet_subtensor::rpc_info::metagraph::Metagraph', metagraphFields)

type Metagraph = ValueOf<typeof metagraph>

/**
 * All there is to know of a subnet and its neurons, with the vectors of one mechanism.
 *
 * @returns `undefined` for a subnet or a mechanism that does not exist
 */
export function readMetagraph(state: State, netuid: number, mecid = 0): Metagraph | undefined {
  if (!subnetExists(state, netuid) || mecid >= state.get(storage.MechanismCountCurrent, netuid)) return undefined
  return readFields(metagraphFields, subnetView(state, netuid, mecid))
}

/** Those of all subnets in storage order. */
export function readAllMetagraphs(state: State): (Metagraph | undefined)[] {
  return netuids(state).map((netuid) => readMetagraph(state, netuid))
}

/** Those of all mechanisms, subnet by subnet. */
export function readAllMechagraphs(state: State): (Metagraph | undefined)[] {
  return netuids(state).flatMap((netuid) =>
    Array.from({ length: state.get(storage.MechanismCountCurrent, netuid) }, (_, mecid) =>
      readMetagraph(state, netuid, mecid),
    ),
  )
}
