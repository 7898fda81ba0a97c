import { errorsOf, event, eventsOf } from '../../pallet.ts'
import { accountId, dispatchError, taoBalance } from '../../scale/chainTypes.ts'
import { boundedVec, result } from '../../scale/collections.ts'
import { byteArray, struct, u32, unit, type ValueOf } from '../../scale/types.ts'
import { blake2, optionalMap, storageOf, twox64 } from '../../storage.ts'

export const name = 'Multisig'
export const index = 13

/** Most members of a group. */
export const maxSignatories = 100

/** Which extrinsic of which block. */
export const timepoint = struct('pallet_multisig::Timepoint', { height: u32, index: u32 })
export type Timepoint = ValueOf<typeof timepoint>

const multisig = struct('pallet_multisig::Multisig', {
  /** When the first of the group agreed; the others must name it. */
  when: timepoint,
  deposit: taoBalance,
  depositor: accountId,
  /** Who has agreed, in ascending order. */
  approvals: boundedVec(accountId, maxSignatories),
})

/** A call that waits for more of its group. */
export type Waiting = ValueOf<typeof multisig>

export const callHash = byteArray(32)

export const storage = storageOf(name, {
  /** Calls that wait for more of their group, by the group's account and the call's hash. */
  Multisigs: optionalMap([twox64(accountId), blake2(callHash)], multisig),
})

export const errorIndices = {
  MinimumThreshold: 0,
  AlreadyApproved: 1,
  TooFewSignatories: 3,
  TooManySignatories: 4,
  SignatoriesOutOfOrder: 5,
  SenderInSignatories: 6,
  NotFound: 7,
  NotOwner: 8,
  NoTimepoint: 9,
  WrongTimepoint: 10,
  UnexpectedTimepoint: 11,
  MaxWeightTooLow: 12,
}
export const errors = errorsOf(name, index, errorIndices)

export const errorDocs: Readonly<Record<keyof typeof errorIndices, string>> = {
  MinimumThreshold: 'Threshold must be 2 or greater.',
  AlreadyApproved: 'Call is already approved by this signatory.',
  TooFewSignatories: 'There are too few signatories in the list.',
  TooManySignatories: 'There are too many signatories in the list.',
  SignatoriesOutOfOrder: 'The signatories were provided out of order; they should be ordered.',
  SenderInSignatories: "The sender was contained in the other signatories; it shouldn't be.",
  NotFound: 'Multisig operation not found in storage.',
  NotOwner: 'Only the account that originally created the multisig is able to cancel it or update its deposits.',
  NoTimepoint: 'No timepoint was given, yet the multisig operation is already underway.',
  WrongTimepoint: 'A different timepoint was given to the multisig operation that is underway.',
  UnexpectedTimepoint: 'A timepoint was given, yet no multisig operation is underway.',
  MaxWeightTooLow: 'The maximum weight information provided was too low.',
}

const operation = { multisig: accountId, call_hash: callHash }

export const events = eventsOf(name, index, {
  NewMultisig: event(0, { approving: accountId, ...operation }),
  MultisigApproval: event(1, { approving: accountId, timepoint, ...operation }),
  MultisigExecuted: event(2, { approving: accountId, timepoint, ...operation, result: result(unit, dispatchError) }),
  MultisigCancelled: event(3, { cancelling: accountId, timepoint, ...operation }),
  DepositPoked: event(4, { who: accountId, call_hash: callHash, old_deposit: taoBalance, new_deposit: taoBalance }),
})
