import { blake2b256 } from '../extrinsic.ts'
import { type AccountId, accountId } from '../scale/chainTypes.ts'
import { byteArray, encode, struct, u16, vec } from '../scale/types.ts'

/** Both kinds of account are a hash over the same sixteen letters, which polkadot-sdk has shared between the pallets. */
const prefix = Buffer.from('modlpy/utilisuba')

const derivativeSeed = struct('', { prefix: byteArray(16), who: accountId, index: u16 })
const multisigSeed = struct('', { prefix: byteArray(16), signatories: vec(accountId), threshold: u16 })

/** One of an account's 65,536 further accounts. @see polkadot-sdk `pallet_utility` derivative_account_id */
export function derivativeAccount(who: AccountId, index: number): AccountId {
  return hashed(encode(derivativeSeed, { prefix, who, index }))
}

/**
 * The account of a group of which so many must agree.
 *
 * @param signatories in ascending order
 * @see polkadot-sdk `pallet_multisig` multi_account_id
 */
export function multisigAccount(signatories: readonly AccountId[], threshold: number): AccountId {
  return hashed(encode(multisigSeed, { prefix, signatories: [...signatories], threshold }))
}

function hashed(seed: Uint8Array): AccountId {
  return `0x${Buffer.from(blake2b256(seed)).toString('hex')}`
}
