import { ed25519 as noble } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { KeyError } from './keyError.ts'
import { KeyPair } from './keyPair.ts'

// Ed25519 (RFC 8032) without node: modules, so that a browser can check receipts. On Node the native functions of
// node:crypto are eleven times as fast (facts: dependencies.md, 2) and give the same verdicts on every key that
// `isSoundPublicKey` accepts.

const keyBytes = 32
const signatureBytes = 64
const { Point } = noble

/** What a room needs of Ed25519; met by the functions of this file and by thin wrappers over node:crypto. */
export interface Ed25519 {
  sign(pair: KeyPair, message: Uint8Array): Uint8Array
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

/** @param seed 32 bytes. @throws KeyError `bad-secret` */
export function pairFromSeed(seed: Uint8Array): KeyPair {
  if (seed.length !== keyBytes) {
    throw new KeyError(`the seed has ${seed.length} bytes where ${keyBytes} are needed`, { code: 'bad-secret' })
  }
  return new KeyPair('ed25519', noble.getPublicKey(seed), seed.slice())
}

/** 64 bytes, the same for the same key and message. */
export function sign(pair: KeyPair, message: Uint8Array): Uint8Array {
  if (pair.type !== 'ed25519') throw new KeyError(`this is an ${pair.type} key, not ed25519`, { code: 'bad-secret' })
  return noble.sign(message, pair.revealSecret())
}

/**
 * False for anything that is not a valid signature of `message`, malformed keys and signatures included. The equation
 * is the one without cofactor, compared in encoded form, as OpenSSL, and so node:crypto, does it: a signature with a
 * small-order part must not pass in a browser and fail on Node. Keys that are not sound are refused.
 */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false
  const key = soundPoint(publicKey)
  if (key === undefined) return false
  const r = signature.subarray(0, keyBytes)
  const s = littleEndian(signature.subarray(keyBytes))
  if (s >= Point.Fn.ORDER) return false
  const challenge = littleEndian(sha512(concatBytes(r, publicKey, message))) % Point.Fn.ORDER
  const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(challenge)).toBytes()
  return expected.every((byte, i) => byte === r[i])
}

/**
 * Whether 32 bytes are a point on the curve, in its one canonical spelling and not of small order. A signature under a
 * small-order key fits many messages, so such a key must be refused where it is pinned or published.
 */
export function isSoundPublicKey(publicKey: Uint8Array): boolean {
  return soundPoint(publicKey) !== undefined
}

function soundPoint(publicKey: Uint8Array): InstanceType<typeof Point> | undefined {
  if (publicKey.length !== keyBytes) return undefined
  const point = decodedPoint(publicKey)
  return point === undefined || point.isSmallOrder() ? undefined : point
}

function decodedPoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes, false)
  } catch {
    // The library's only way to say "not a point".
    return undefined
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n)
}
