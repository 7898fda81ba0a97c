import { DispatchFailure } from '../pallet.ts'
import type { AccountId, multiAddress } from '../scale/chainTypes.ts'
import type { ValueOf } from '../scale/types.ts'

/** The account that an address names. @throws DispatchFailure CannotLookup for all forms but the plain account */
export function lookUp(address: ValueOf<typeof multiAddress>): AccountId {
  if (address.type !== 'Id') throw new DispatchFailure('CannotLookup', { type: 'CannotLookup' })
  return address[0]
}
