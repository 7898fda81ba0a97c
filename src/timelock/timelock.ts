import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { bls12_381 as bls } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { decodeCiphertext, encodeCiphertext } from './ciphertext.ts'
import { type G1Point, type G2Point, readG1, readG2, roundPoint, scalarOf } from './scheme.ts'
import { TimelockError } from './timelockError.ts'

// Boneh and Franklin's identity-based encryption, in the form that is safe against chosen ciphertexts, around a key
// for AES-256-GCM. The identity is a round of a beacon, and its signature the private key that belongs to it.
// @see facts: commit-reveal.md, 4.3

/** What is drawn for each message. A second message with the same ones is not secret. */
export interface TimelockRandom {
  /** AES key, 32 bytes. */
  readonly key: Uint8Array
  /** 32 bytes. */
  readonly sigma: Uint8Array
  /** 12 bytes. */
  readonly nonce: Uint8Array
}

/**
 * Locks a message until a beacon signs a round.
 *
 * @param options.publicKey the beacon's, 96 bytes
 * @param options.round a u64
 * @returns bytes that the chain opens by itself, 244 longer than the message
 * @throws TimelockError `malformed` for a public key that is none
 */
export function timelock(
  message: Uint8Array,
  { publicKey, round, random = draw() }: { publicKey: Uint8Array; round: number | bigint; random?: TimelockRandom },
): Uint8Array {
  const { key, sigma, nonce } = random
  const r = commonScalar(sigma, key)
  const shared = pair(roundPoint(round), readG2(publicKey, 'public key').multiply(r))
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()])
  return encodeCiphertext({
    u: bls.G2.Point.BASE.multiply(r).toBytes(),
    v: xor(sigma, sha256(shared)),
    w: xor(key, sha256(sigma)),
    body,
    nonce,
  })
}

/**
 * Opens a timelocked message with the signature of its round.
 *
 * @param signature 48 bytes
 * @throws TimelockError `malformed` for bytes that are no such message or signature, `not-opened` where they do not
 *   belong together
 */
export function openTimelock(ciphertext: Uint8Array, signature: Uint8Array): Uint8Array {
  const { u, v, w, body, nonce } = decodeCiphertext(ciphertext)
  const point = readG2(u, 'ciphertext')
  const sigma = xor(v, sha256(pair(readG1(signature, 'signature'), point)))
  const key = xor(w, sha256(sigma))
  if (!bls.G2.Point.BASE.multiply(commonScalar(sigma, key)).equals(point)) throw notOpened()
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAuthTag(body.subarray(-tagBytes))
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(body.subarray(0, -tagBytes)), decipher.final()]))
  } catch (cause) {
    throw notOpened(cause)
  }
}

const tagBytes = 16

function draw(): TimelockRandom {
  return { key: randomBytes(32), sigma: randomBytes(32), nonce: randomBytes(12) }
}

function notOpened(cause?: unknown): TimelockError {
  const failure = { code: 'not-opened' } as const
  return new TimelockError('timelocked message: this signature does not open it', failure, { cause })
}

function commonScalar(sigma: Uint8Array, key: Uint8Array): bigint {
  // Zero has a chance of 2^-255, and then the library refuses to multiply by it.
  return scalarOf(sha256(Buffer.concat([sigma, key])))
}

/** e(a, b) as ark serialises it: twelve 48-byte coefficients, little-endian, in the order of the tower. */
function pair(a: G1Point, b: G2Point): Uint8Array {
  const value = bls.pairing(a, b)
  const coefficients = [value.c0, value.c1].flatMap(({ c0, c1, c2 }) => [c0, c1, c2]).flatMap(({ c0, c1 }) => [c0, c1])
  const bytes = Buffer.alloc(12 * coefficientBytes)
  for (const [i, coefficient] of coefficients.entries()) {
    const bigEndian = Buffer.from(coefficient.toString(16).padStart(2 * coefficientBytes, '0'), 'hex')
    bigEndian.reverse().copy(bytes, i * coefficientBytes)
  }
  return bytes
}

const coefficientBytes = 48

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]!)
}
