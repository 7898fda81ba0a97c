import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { Signer as PolkadotSigner, SignerPayloadJSON } from '@polkadot/types/types'
import { hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a } from '@polkadot/util-crypto'
import type { Signer } from '../keys/signer.ts'
import type { Chain } from './connect.ts'

// Index in the chain's MultiSignature.
const signatureType = { ed25519: 0, sr25519: 1 } as const

/** Signs a call with any signer of ours, local or not; nonce and era are taken from the chain unless given. */
export async function signCall(
  chain: Chain,
  call: SubmittableExtrinsic<'promise'>,
  signer: Signer,
  options: { nonce?: number; eraBlocks?: number } = {},
): Promise<SubmittableExtrinsic<'promise'>> {
  let id = 0
  const adapter: PolkadotSigner = {
    async signPayload(payload: SignerPayloadJSON) {
      const extrinsicPayload = chain.api.registry.createType('ExtrinsicPayload', payload, { version: payload.version })
      const message = extrinsicPayload.toU8a({ method: true })
      // Substrate signs the hash of long payloads, so that hardware signers can take them.
      const signed = await signer.sign(message.length > 256 ? blake2AsU8a(message) : message)
      return { id: ++id, signature: u8aToHex(u8aConcat([signatureType[signer.type]], signed)) }
    },
  }
  return await call.signAsync(signer.address, {
    signer: adapter,
    nonce: options.nonce ?? -1,
    ...(options.eraBlocks === undefined ? {} : { era: options.eraBlocks }),
  })
}

/** Bytes of a `0x…` text. */
export const fromHex = hexToU8a
