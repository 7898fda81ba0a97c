import { blake2b } from '@polkadot/wasm-crypto'
import type { Call } from './pallet.ts'
import type { Runtime } from './runtime.ts'
import { type AccountId, type Hex32, multiAddress } from './scale/chainTypes.ts'
import type { Era } from './scale/era.ts'
import { multiSignature } from './scale/frameTypes.ts'
import { ScaleError, ScaleReader, ScaleWriter } from './scale/io.ts'
import type { AnyType, ValueOf } from './scale/types.ts'
import { signedExtensions } from './signedExtensions.ts'

export type MultiSignature = ValueOf<typeof multiSignature>

/** What a signed extrinsic carries beside its call. */
export interface Signed {
  readonly signer: AccountId
  readonly signature: MultiSignature
  readonly era: Era
  readonly nonce: number
  /** Rao. */
  readonly tip: bigint
  /** Whether the signer also signed a hash of the metadata. */
  readonly checksMetadata: boolean
  /** The extensions' bytes as they stand in the extrinsic. */
  readonly extra: Uint8Array
}

/** A version 4 extrinsic, decoded. */
export interface Extrinsic {
  /** Whole, with the length prefix: as it stands in a block and as it is hashed. */
  readonly bytes: Uint8Array
  readonly hash: Hex32
  readonly call: Call
  readonly callBytes: Uint8Array
  /** Absent for inherents. */
  readonly signed: Signed | undefined
}

/** What is signed and not sent. */
export interface Implicit {
  readonly specVersion: number
  readonly transactionVersion: number
  readonly genesisHash: Hex32
  /** Hash of the block in which the era began; the genesis hash for immortal ones. */
  readonly checkpointHash: Hex32
}

const bareVersion = 0x04
const signedVersion = 0x84
/** Payloads longer than this are hashed before they are signed. */
const longestPlainPayload = 256

/** BLAKE2b with a 32-byte digest. The wasm of keys/sr25519.ts must be ready. */
export function blake2b256(data: Uint8Array): Uint8Array {
  return blake2b(data, new Uint8Array(), 32)
}

export function hashHex(data: Uint8Array): Hex32 {
  return `0x${Buffer.from(blake2b256(data)).toString('hex')}`
}

/** The call of an extrinsic does not decode; the rest of it does. */
export class CallError extends ScaleError {}

/**
 * Decodes an extrinsic as it comes over the wire.
 *
 * @param bytes with the compact length prefix
 * @throws CallError where only the call is malformed, ScaleError for anything else that is
 * @see facts: subtensor-chain.md, (a); polkadot-sdk `sp_runtime::generic::UncheckedExtrinsic`
 */
export function decodeExtrinsic(runtime: Pick<Runtime, 'callType'>, bytes: Uint8Array): Extrinsic {
  const input = new ScaleReader(bytes)
  const length = input.compact()
  if (length !== BigInt(input.remaining)) {
    throw new ScaleError(`extrinsic: its length prefix says ${length} bytes, ${input.remaining} follow`)
  }
  const version = input.byte()
  if (version !== bareVersion && version !== signedVersion) {
    throw new ScaleError(`extrinsic: version byte 0x${version.toString(16)}, expected 0x04 or 0x84`)
  }
  const signed = version === signedVersion ? decodeSigned(input) : undefined
  const callBytes = bytes.subarray(input.offset)
  const call = decodeCall(runtime, input)
  return { bytes, hash: hashHex(bytes), call, callBytes, signed }
}

function decodeCall(runtime: Pick<Runtime, 'callType'>, input: ScaleReader): Call {
  try {
    const call = runtime.callType.decode(input)
    if (input.remaining > 0) throw new ScaleError(`${input.remaining} bytes left after the call`)
    return call
  } catch (error) {
    if (error instanceof ScaleError) throw new CallError(error.message)
    throw error
  }
}

function decodeSigned(input: ScaleReader): Signed {
  const address = multiAddress.decode(input)
  if (address.type !== 'Id') throw new ScaleError(`extrinsic: signer given as ${address.type}, expected Id`)
  const signature = multiSignature.decode(input)
  const start = input.offset
  const extra: Record<string, unknown> = {}
  for (const { identifier, extra: type } of signedExtensions) extra[identifier] = type.decode(input)
  const { CheckMortality, CheckNonce, ChargeTransactionPayment, CheckMetadataHash } = extra
  return {
    signer: address[0],
    signature,
    era: CheckMortality as Era,
    nonce: CheckNonce as number,
    tip: ChargeTransactionPayment as bigint,
    checksMetadata: (CheckMetadataHash as { mode: { type: string } }).mode.type === 'Enabled',
    extra: input.input.subarray(start, input.offset),
  }
}

/** What the signature is over: call, extra, implicit parts; its hash where that is longer than 256 bytes. */
export function signingPayload(callBytes: Uint8Array, extra: Uint8Array, implicit: Implicit): Uint8Array {
  const out = new ScaleWriter()
  out.bytes(callBytes)
  out.bytes(extra)
  for (const { identifier, implicit: type } of signedExtensions) encodeImplicit(identifier, type, implicit, out)
  const payload = out.finish()
  return payload.length > longestPlainPayload ? blake2b256(payload) : payload
}

function encodeImplicit(identifier: string, type: AnyType, implicit: Implicit, out: ScaleWriter): void {
  const values: Readonly<Record<string, unknown>> = {
    CheckSpecVersion: implicit.specVersion,
    CheckTxVersion: implicit.transactionVersion,
    CheckGenesis: implicit.genesisHash,
    CheckMortality: implicit.checkpointHash,
  }
  type.encode(values[identifier], out)
}

/** A bare (unsigned) extrinsic around a call, as the block's author adds them. */
export function bareExtrinsic(runtime: Pick<Runtime, 'callType'>, call: Call): Extrinsic {
  const body = new ScaleWriter()
  body.byte(bareVersion)
  runtime.callType.encode(call, body)
  const content = body.finish()
  const out = new ScaleWriter()
  out.compact(content.length)
  out.bytes(content)
  const bytes = out.finish()
  return { bytes, hash: hashHex(bytes), call, callBytes: content.subarray(1), signed: undefined }
}
