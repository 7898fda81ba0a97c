import { type AccountId, accountId, netUid } from '../../scale/chainTypes.ts'
import type { ScaleType } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { identity, optionalMap, storageOf, twox64 } from '../../storage.ts'

/** A stored value as it stands, whatever it is. */
const raw: ScaleType<Uint8Array> = {
  shape: { kind: 'tuple', of: [] },
  minimumBytes: 0,
  encode: (value, out) => out.bytes(value),
  decode: (input) => input.bytes(input.remaining),
}

/** Only for its keys: the pallet has the declaration, and its registrations are handed on undecoded. */
const { CommitmentOf } = storageOf('Commitments', {
  CommitmentOf: optionalMap([identity(netUid), twox64(accountId)], raw),
})

/** Who committed what on a subnet, in storage order: account and SCALE bytes of the registration. */
export function commitmentsOf(state: State, netuid: number): [AccountId, Uint8Array][] {
  return [...state.entries(CommitmentOf, netuid)].map(([[, account], registration]) => [account, registration])
}
