import { pairFromUri } from '../../../src/keys/derive.ts'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { sign } from '../../../src/keys/sr25519.ts'
import { bareExtrinsic, signingPayload } from '../../../src/localnet/extrinsic.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import type { AccountId, Hex32 } from '../../../src/localnet/scale/chainTypes.ts'
import { type Era, era as eraType } from '../../../src/localnet/scale/era.ts'
import { ScaleWriter } from '../../../src/localnet/scale/io.ts'

export function accountOf(pair: KeyPair): AccountId {
  return `0x${Buffer.from(pair.publicKey).toString('hex')}`
}

export const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`

export const [alice, bob, dave] = (await Promise.all(
  ['//Alice', '//Bob', '//Dave'].map((uri) => pairFromUri(uri)),
)) as [KeyPair, KeyPair, KeyPair]

export function transferOf(to: AccountId, rao: bigint): Call {
  return { pallet: 'Balances', name: 'transfer_keep_alive', args: { dest: { type: 'Id', 0: to }, value: rao } }
}

/** What a signer knows of the chain. */
export interface SigningChain {
  readonly runtime: LocalNode['runtime']
  readonly genesisHash: Hex32
  readonly pool: Pick<LocalNode['pool'], 'nextNonce'>
}

/** An extrinsic as a client would sign it, written out by hand from the format. */
export function signCall(
  node: SigningChain,
  pair: KeyPair,
  call: Call,
  options: { nonce?: number; tip?: bigint; era?: Era; checkpointHash?: Hex32; specVersion?: number } = {},
): Uint8Array {
  const { nonce = node.pool.nextNonce(accountOf(pair)), tip = 0n, era = { type: 'Immortal' } } = options
  const { callBytes } = bareExtrinsic(node.runtime, call)
  const extra = new ScaleWriter()
  eraType.encode(era, extra)
  extra.compact(nonce)
  extra.compact(tip)
  extra.byte(0)
  const payload = signingPayload(callBytes, extra.finish(), {
    specVersion: options.specVersion ?? node.runtime.version.specVersion,
    transactionVersion: node.runtime.version.transactionVersion,
    genesisHash: node.genesisHash,
    checkpointHash: options.checkpointHash ?? node.genesisHash,
  })
  const body = new ScaleWriter()
  body.bytes(Uint8Array.of(0x84, 0x00))
  body.bytes(pair.publicKey)
  body.byte(1)
  body.bytes(sign(pair, payload))
  body.bytes(extra.finish())
  body.bytes(callBytes)
  const content = body.finish()
  const out = new ScaleWriter()
  out.compact(content.length)
  out.bytes(content)
  return out.finish()
}
