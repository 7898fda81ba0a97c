import { blake2b } from '@noble/hashes/blake2.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

/** BLAKE2b with a 32-byte digest: extrinsic hashes, signed payloads over 256 bytes, derivation junctions. */
export function blake2b256(data: Uint8Array): Uint8Array {
  return blake2b(data, { dkLen: 32 })
}

/** BLAKE2b with a 64-byte digest: the SS58 checksum. */
export function blake2b512(data: Uint8Array): Uint8Array {
  return blake2b(data, { dkLen: 64 })
}

export function sha256(data: Uint8Array): Uint8Array {
  return nobleSha256(data)
}
