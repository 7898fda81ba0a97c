import { CallError, decodeExtrinsic, type Extrinsic, type Implicit, type Signed, signingPayload } from './extrinsic.ts'
import { blockLimits, type DispatchInfo, dispatchInfoOf, feeOf } from './fees.ts'
import type { Call } from './pallet.ts'
import { feePayer } from './pallets/proxy/feePayer.ts'
import { storage as sudo } from './pallets/sudo.ts'
import { blockHashCount } from './pallets/system/constants.ts'
import { hasReferences, nonceOf } from './pallets/system.ts'
import { canPayFee } from './pallets/transactionPayment.ts'
import type { Candidate } from './pool.ts'
import type { Runtime } from './runtime.ts'
import { type AccountId, type Hex32, zeroAccount } from './scale/chainTypes.ts'
import { eraBirth, eraDeath } from './scale/era.ts'
import { checkShielded } from './shield/checkShielded.ts'
import { verifySignature } from './signature.ts'
import type { State } from './state.ts'
import type { Build } from './storage.ts'
import { invalid, invalidCustom, unknown } from './validityError.ts'

/** State of a block, and the number of the block that an extrinsic would be in: the next one. */
export interface View {
  readonly state: State
  readonly build: Build
  readonly block: number
}

/** Checks of pallets on the outermost call. @returns the N of `Custom error: N`, or nothing */
export type PoolChecks = (
  view: View,
  call: Call,
  signer: AccountId,
) => { readonly code: number | 'BadSigner' } | undefined

/** What validity depends on beside the state. */
export interface ValidityRules {
  readonly runtime: Runtime
  readonly poolChecks: PoolChecks
  readonly genesisHash: Hex32
  /** Hash of a block before the view's; undefined for one that the chain does not know (any more). */
  readonly blockHash: (number: number) => Hex32 | undefined
  /** Accounts whose signatures are not looked at. */
  readonly isImpersonated?: ((account: AccountId) => boolean) | undefined
}

export type SignedExtrinsic = Extrinsic & { readonly signed: Signed }

/** An extrinsic as it was sent. @throws ValidityFailure Call where only its call does not decode, ScaleError otherwise */
export function decodeCandidate(runtime: Runtime, bytes: Uint8Array): Extrinsic {
  try {
    return decodeExtrinsic(runtime, bytes)
  } catch (error) {
    throw error instanceof CallError ? invalid('Call', error.message) : error
  }
}

/**
 * Whether an extrinsic may enter the pool: everything that the chain's signed extensions check, signature included.
 * A nonce that is too high passes, since the pool can wait for the ones before it.
 *
 * @throws ValidityFailure
 * @see facts: subtensor-chain.md, (a)
 */
export function validate(rules: ValidityRules, view: View, extrinsic: Extrinsic): Candidate {
  const signed = requireSigned(rules, extrinsic)
  const { signer, signature, era, tip, checksMetadata } = signed.signed
  const isFree = rules.isImpersonated?.(signer) === true
  // Our metadata has no published hash that the signer could have checked.
  if (checksMetadata) throw unknown('CannotLookup')
  const payload = signingPayload(extrinsic.callBytes, signed.signed.extra, implicitOf(rules, view, signed))
  if (!isFree && !verifySignature(signer, payload, signature)) throw invalid('BadProof')
  const info = checkSigned(rules, view, signed)
  return {
    extrinsic: signed,
    priority: priorityOf(info, extrinsic.bytes.length, tip),
    deathBlock: eraDeath(era, view.block),
  }
}

/**
 * The checks that depend on the state, made again when the extrinsic gets into a block. Not the nonce's upper bound.
 *
 * @throws ValidityFailure
 */
export function checkSigned(rules: ValidityRules, view: View, extrinsic: SignedExtrinsic): DispatchInfo {
  const { call, bytes, signed } = extrinsic
  const { signer, nonce, tip } = signed
  const { state } = view
  if (signer === zeroAccount) throw invalid('BadSigner')
  const info = dispatchInfoOf(rules.runtime, call)
  // A call that costs nothing may come from an account that nobody ever funded: hotkeys set weights so.
  if (info.pays === 'Yes' && !hasReferences(state, signer)) throw invalid('Payment')
  if (nonce < nonceOf(state, signer)) throw invalid('Stale')
  if (info.refTime > blockLimits.normalRefTime || bytes.length > blockLimits.normalBytes)
    throw invalid('ExhaustsResources')
  if (!canPayFee(state, feePayer(state, call, signer), call, feeOf(info, bytes.length) + tip)) throw invalid('Payment')
  checkShielded(call, signed.era)
  if (call.pallet === 'Sudo' && state.get(sudo.Key) !== signer) throw invalid('BadSigner')
  const refused = rules.poolChecks(view, call, signer)
  if (refused?.code === 'BadSigner') throw invalid(refused.code)
  if (refused !== undefined) throw invalidCustom(refused.code)
  return info
}

function requireSigned({ runtime }: ValidityRules, extrinsic: Extrinsic): SignedExtrinsic {
  const { signed, call } = extrinsic
  if (signed !== undefined) return extrinsic as SignedExtrinsic
  if (dispatchInfoOf(runtime, call).class === 'Mandatory') throw invalid('MandatoryValidation')
  throw unknown('NoUnsignedValidator')
}

function implicitOf(
  { runtime, genesisHash, blockHash }: ValidityRules,
  { block }: View,
  { signed }: SignedExtrinsic,
): Implicit {
  const { specVersion, transactionVersion } = runtime.version
  const birth = eraBirth(signed.era, block)
  const isKnown = birth < block && birth >= block - blockHashCount
  const checkpointHash = signed.era.type === 'Immortal' ? genesisHash : isKnown ? blockHash(birth) : undefined
  if (checkpointHash === undefined) throw invalid('AncientBirthBlock')
  return { specVersion, transactionVersion, genesisHash, checkpointHash }
}

/**
 * How much a signer offers for its share of a block: the tip plus one, times how often the extrinsic would fit.
 *
 * @see polkadot-sdk `pallet_transaction_payment` get_priority
 */
function priorityOf(info: DispatchInfo, length: number, tip: bigint): bigint {
  const byWeight = Math.floor(blockLimits.refTime / Math.max(1, Math.min(info.refTime, blockLimits.refTime)))
  const byLength = Math.floor(blockLimits.normalBytes / Math.max(1, Math.min(length, blockLimits.normalBytes)))
  const priority = (tip + 1n) * BigInt(Math.min(byWeight, byLength))
  return priority > maxU64 ? maxU64 : priority
}

const maxU64 = 2n ** 64n - 1n
