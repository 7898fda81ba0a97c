import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { twox } from '../twox.ts'
import { type KeyEncapsulation, kemCiphertextBytes } from './keyEncapsulation.ts'
import { parseShielded } from './shieldedExtrinsic.ts'

/** The key by which this chain's authors read what is shielded from everybody else. */
export interface Shield {
  readonly publicKey: Uint8Array
  /** The encoded extrinsic inside; nothing where it is not for this key or has been tampered with. */
  open(bytes: Uint8Array): Uint8Array | undefined
}

/** Not a secret: whoever has this chain's program can read along. */
const seed = sha512(Buffer.from('Faculty localnet: MEV shield'))

/**
 * A shield with one key for all authors, since they are all this process, and the same key at each start, so that a
 * recorded run can be replayed. The real chain's authors each have their own and change it at each turn.
 */
export function makeShield(kem: KeyEncapsulation): Shield {
  const { publicKey, secretKey } = kem.keygen(seed)
  const keyHash = twox(publicKey, 128)
  return {
    publicKey,
    open(bytes) {
      const shielded = parseShielded(bytes)
      if (shielded === undefined || Buffer.compare(shielded.keyHash, keyHash) !== 0) return undefined
      const { kemCiphertext, nonce, ciphertext } = shielded
      if (kemCiphertext.length !== kemCiphertextBytes) return undefined
      const secret = kem.decapsulate(kemCiphertext, secretKey)
      try {
        return xchacha20poly1305(secret, nonce).decrypt(ciphertext)
      } catch {
        // The library's way to say that the authentication tag does not fit.
        return undefined
      }
    },
  }
}
