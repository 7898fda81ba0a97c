import { sha3_256 } from '@noble/hashes/sha3.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { TextHash } from '../hashes.ts'
import { type PythonValue, pythonText } from './pythonText.ts'

const encoder = new TextEncoder()

/** The portable hash for `bodyHash`: SHA3-256 of a text's UTF-8 bytes as 64 hex digits. */
export function sha3Hex(text: string): string {
  return bytesToHex(sha3_256(encoder.encode(text)))
}

/** `bodyHash` of no fields: nothing of the body is under the signature. */
export const emptyBodyHash = 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a'

/**
 * The header `computed_body_hash` of SDK 10 over the values of a synapse's `required_hash_fields`, in the class's order:
 * the hash over the joined hashes of each value's Python text.
 *
 * @see facts: bittensor-wire.md, 1.4
 */
export function bodyHash(values: readonly PythonValue[], hash: TextHash = sha3Hex): string {
  return hash(values.map((value) => hash(pythonText(value))).join(''))
}
