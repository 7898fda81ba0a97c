import { bls12_381 as bls } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { TimelockError } from './timelockError.ts'

// drand's scheme `bls-unchained-g1-rfc9380`: the key is a point of G2, the signature of a round one of G1, and the
// signed message is the SHA-256 of the round. The signature is at the same time the key that opens what was locked
// to the round.

export type G1Point = typeof bls.G1.Point.BASE
export type G2Point = typeof bls.G2.Point.BASE

const domain = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'
const { Fr } = bls.fields

export const signatureBytes = 48
export const publicKeyBytes = 96

/** What is signed of a round, hashed to the curve. @param round a u64 */
export function roundPoint(round: number | bigint): G1Point {
  const message = new Uint8Array(8)
  new DataView(message.buffer).setBigUint64(0, BigInt(round))
  return bls.G1.hashToCurve(sha256(message), { DST: domain }) as G1Point
}

/** 32 bytes as a big-endian number below the order of the groups. */
export function scalarOf(bytes: Uint8Array): bigint {
  return Fr.create(BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}

/** @throws TimelockError `malformed` for bytes that are not a compressed point of the prime-order group */
export function readG1(bytes: Uint8Array, what: string): G1Point {
  return readPoint(what, () => bls.G1.Point.fromBytes(bytes))
}

/** @throws TimelockError as `readG1` */
export function readG2(bytes: Uint8Array, what: string): G2Point {
  return readPoint(what, () => bls.G2.Point.fromBytes(bytes))
}

function readPoint<P extends { assertValidity(): void; is0(): boolean }>(what: string, read: () => P): P {
  try {
    const point = read()
    // Whether it lies in the subgroup: decompression alone does not tell.
    point.assertValidity()
    // Nothing honest is there, and the library's pairing throws over it.
    if (point.is0()) throw new RangeError('it is the point at infinity')
    return point
  } catch (cause) {
    throw new TimelockError(`${what}: not a compressed point of the curve`, { code: 'malformed', what }, { cause })
  }
}

/** Public key of a secret scalar, 96 bytes. Takes a time that depends on the scalar: for keys that need no secrecy. */
export function publicKeyOf(secret: bigint): Uint8Array {
  // The library's own base point would first fill a table for many products, which takes seven times as long as one.
  const base = bls.G2.Point.fromAffine(bls.G2.Point.BASE.toAffine())
  return base.multiplyUnsafe(secret).toBytes()
}

/** Signature of a round, 48 bytes. */
export function signRound(secret: bigint, round: number | bigint): Uint8Array {
  return roundPoint(round).multiply(secret).toBytes()
}

/** Whether `signature` is that of `round` under `publicKey`. Malformed bytes are none. */
export function verifyRound(publicKey: Uint8Array, round: number | bigint, signature: Uint8Array): boolean {
  try {
    const [key, sign] = [readG2(publicKey, 'public key'), readG1(signature, 'signature')]
    // e(S, G) = e(H(m), P), as one product of pairings that must be one.
    const product = bls.pairingBatch([
      { g1: sign, g2: bls.G2.Point.BASE },
      { g1: roundPoint(round).negate(), g2: key },
    ])
    return bls.fields.Fp12.eql(product, bls.fields.Fp12.ONE)
  } catch (error) {
    if (error instanceof TimelockError) return false
    throw error
  }
}

/** The random bytes that a pulse stands for. */
export function randomnessOf(signature: Uint8Array): Uint8Array {
  return sha256(signature)
}
