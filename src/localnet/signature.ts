import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ed25519Verify } from '@polkadot/wasm-crypto'
import { verify as verifySr25519 } from '../keys/sr25519.ts'
import { blake2b256, type MultiSignature } from './extrinsic.ts'
import type { AccountId } from './scale/chainTypes.ts'

/**
 * Whether a signature is the account's, whichever of the three schemes it is of. The wasm of keys/sr25519.ts must be
 * ready.
 *
 * @see polkadot-sdk `sp_runtime::MultiSignature`
 */
export function verifySignature(signer: AccountId, payload: Uint8Array, signature: MultiSignature): boolean {
  const publicKey = Buffer.from(signer.slice(2), 'hex')
  switch (signature.type) {
    case 'Sr25519':
      return verifySr25519(publicKey, payload, signature[0])
    case 'Ed25519':
      return ed25519Verify(signature[0], payload, publicKey)
    case 'Ecdsa': {
      const recovered = recoverKey(blake2b256(payload), signature[0])
      return recovered !== undefined && Buffer.compare(publicKey, blake2b256(recovered)) === 0
    }
  }
}

/** The compressed key that made an ECDSA signature: r, s, then the recovery number. The account is the key's hash. */
function recoverKey(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  const recoveryFirst = Uint8Array.of(signature[64]!, ...signature.subarray(0, 64))
  try {
    return secp256k1.recoverPublicKey(recoveryFirst, digest, { prehash: false })
  } catch {
    // The library's way to say that no key fits.
    return undefined
  }
}
