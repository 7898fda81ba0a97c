/**
 * ML-KEM-768 (FIPS 203), as far as the shield needs it. `ml_kem768` of `@noble/post-quantum` is one as it stands.
 */
export interface KeyEncapsulation {
  /** @param seed 64 bytes */
  keygen(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array }
  /** The shared secret inside a ciphertext; another one, without a word, where the ciphertext is not for this key. */
  decapsulate(cipherText: Uint8Array, secretKey: Uint8Array): Uint8Array
}

/** Bytes of a public key. */
export const publicKeyBytes = 1_184
/** Bytes of an encapsulated secret. */
export const kemCiphertextBytes = 1_088
