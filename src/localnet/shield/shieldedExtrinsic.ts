/** What `MevShield.submit_encrypted` carries: an extrinsic that only a block's author can read. */
export interface ShieldedExtrinsic {
  /** twox128 of the public key that it is encrypted to. */
  readonly keyHash: Uint8Array
  /** The one-time key, encapsulated. */
  readonly kemCiphertext: Uint8Array
  readonly nonce: Uint8Array
  /** XChaCha20-Poly1305 under the one-time key, without associated data. */
  readonly ciphertext: Uint8Array
}

const keyHashBytes = 16
const lengthBytes = 2
const nonceBytes = 24

/**
 * Takes a shielded extrinsic apart: key hash, length of the encapsulated key as u16, encapsulated key, nonce, the rest.
 *
 * @returns nothing where the bytes end too soon
 * @see facts: current-generation.md, 2.4
 */
export function parseShielded(bytes: Uint8Array): ShieldedExtrinsic | undefined {
  const kemStart = keyHashBytes + lengthBytes
  if (bytes.length < kemStart) return undefined
  const kemLength = bytes[keyHashBytes]! | (bytes[keyHashBytes + 1]! << 8)
  const nonceStart = kemStart + kemLength
  const start = nonceStart + nonceBytes
  if (bytes.length < start) return undefined
  return {
    keyHash: bytes.subarray(0, keyHashBytes),
    kemCiphertext: bytes.subarray(kemStart, nonceStart),
    nonce: bytes.subarray(nonceStart, start),
    ciphertext: bytes.subarray(start),
  }
}
