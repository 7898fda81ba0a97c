import { sha256 } from '@noble/hashes/sha2.js'
import {
  type KeyEncapsulation,
  kemCiphertextBytes,
  publicKeyBytes,
} from '../../../src/localnet/shield/keyEncapsulation.ts'

/** A key as long as ML-KEM-768's and no secret at all. */
function stretched(seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i += 32) out.set(sha256(Uint8Array.of(...seed, i >> 5)).subarray(0, length - i), i)
  return out
}

/** Has the shapes of ML-KEM-768 and hides nothing: the secret of a ciphertext is a hash over it and the public key. */
export const shapedKem = {
  keygen(seed: Uint8Array) {
    const publicKey = stretched(seed, publicKeyBytes)
    return { publicKey, secretKey: publicKey }
  },
  encapsulate(publicKey: Uint8Array) {
    const cipherText = stretched(publicKey.subarray(0, 8), kemCiphertextBytes)
    return { cipherText, sharedSecret: sha256(Buffer.concat([publicKey, cipherText])) }
  },
  decapsulate(cipherText: Uint8Array, secretKey: Uint8Array) {
    return sha256(Buffer.concat([secretKey, cipherText]))
  },
} satisfies KeyEncapsulation & Readonly<Record<string, unknown>>
