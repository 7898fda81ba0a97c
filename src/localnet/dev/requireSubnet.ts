import { InputError } from '../../base/errors.ts'
import { netuids, subnetExists } from '../pallets/subtensor/mechanisms.ts'
import type { State } from '../state.ts'

/** @throws InputError for a netuid that the chain does not have */
export function requireSubnet(state: State, netuid: number): void {
  if (subnetExists(state, netuid)) return
  throw new InputError('netuid', netuid, `give one of the chain's subnets: ${netuids(state).join(', ')}`)
}
