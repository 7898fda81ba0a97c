import { createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import { ed25519 as noble } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as ed25519 from '../../../src/keys/ed25519.ts'
import { fromHex, toHex } from '../../../src/keys/hex.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import { printedForms, spellingsOf } from './leaks.ts'
import { bottomDrive, oldLeopard } from './vectors.ts'

const { Point } = noble
const order = Point.Fn.ORDER
const message = new TextEncoder().encode('one answer')

function nodePrivateKey(seed: Uint8Array) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

function verifiedByNode(publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
  return nodeVerify(null, text, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature)
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function bytes32(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

/** A point of order 8: what is left of a curve point outside the prime-order subgroup. */
function torsionPoint(): InstanceType<typeof Point> {
  for (let y = 3n; ; y++) {
    try {
      const point = Point.fromBytes(bytes32(y), true)
        .multiplyUnsafe(order - 1n)
        .add(Point.fromBytes(bytes32(y), true))
      if (!point.multiplyUnsafe(4n).is0()) return point
    } catch (error) {
      // Not every y is a point.
      if (!(error instanceof Error)) throw error
    }
  }
}

describe('ed25519', () => {
  test.each([oldLeopard, bottomDrive])('seed to public key: $ed25519_ss58_42', (vector) => {
    const pair = ed25519.pairFromSeed(fromHex(vector.seed))
    expect(toHex(pair.publicKey)).toBe(vector.ed25519_public)
    expect(pair.address).toBe(vector.ed25519_ss58_42)
  })

  test('RFC 8032, 7.1, test 3', () => {
    const pair = ed25519.pairFromSeed(fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7'))
    expect(toHex(pair.publicKey)).toBe('0xfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025')
    const signature = ed25519.sign(pair, fromHex('af82'))
    expect(toHex(signature)).toBe(
      '0x6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    )
    expect(ed25519.verify(pair.publicKey, fromHex('af82'), signature)).toBe(true)
  })

  test('the same signatures and verdicts as node:crypto', () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 200 }), fc.nat(511), (seed, text, bit) => {
        const pair = ed25519.pairFromSeed(seed)
        const signature = ed25519.sign(pair, text)
        expect(signature).toEqual(new Uint8Array(nodeSign(null, text, nodePrivateKey(seed))))
        expect(ed25519.verify(pair.publicKey, text, signature)).toBe(true)
        const flipped = signature.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
        expect(ed25519.verify(pair.publicKey, text, flipped)).toBe(false)
        expect(verifiedByNode(pair.publicKey, text, flipped)).toBe(false)
      }),
      { numRuns: 15 },
    )
  })

  test('attack: s + order, a second spelling of a valid signature, is refused', () => {
    const pair = ed25519.pairFromSeed(new Uint8Array(32).fill(7))
    const signature = ed25519.sign(pair, message)
    const other = Uint8Array.of(...signature.subarray(0, 32), ...bytes32(number(signature.subarray(32)) + order))
    expect(ed25519.verify(pair.publicKey, message, other)).toBe(false)
    expect(verifiedByNode(pair.publicKey, message, other)).toBe(false)
  })

  test('attack: a small-order part in R passes the equation with cofactor and must pass neither here nor on Node', () => {
    const pair = ed25519.pairFromSeed(new Uint8Array(32).fill(7))
    const scalar = noble.utils.getExtendedPublicKey(pair.revealSecret()).scalar
    const nonce = 12345n
    const r = Point.BASE.multiply(nonce).add(torsionPoint()).toBytes()
    const challenge = number(sha512(Uint8Array.of(...r, ...pair.publicKey, ...message))) % order
    const signature = Uint8Array.of(...r, ...bytes32((nonce + challenge * scalar) % order))
    expect(noble.verify(signature, message, pair.publicKey, { zip215: false })).toBe(true)
    expect(verifiedByNode(pair.publicKey, message, signature)).toBe(false)
    expect(ed25519.verify(pair.publicKey, message, signature)).toBe(false)
  })

  test('attack: a small-order key, under which one signature fits any message, is refused', () => {
    const identity = bytes32(1n)
    const signature = Uint8Array.of(...Point.BASE.multiply(5n).toBytes(), ...bytes32(5n))
    expect(verifiedByNode(identity, message, signature)).toBe(true)
    expect(ed25519.verify(identity, message, signature)).toBe(false)
    expect(ed25519.isSoundPublicKey(identity)).toBe(false)
    expect(ed25519.isSoundPublicKey(torsionPoint().toBytes())).toBe(false)
    expect(ed25519.isSoundPublicKey(ed25519.pairFromSeed(new Uint8Array(32)).publicKey)).toBe(true)
  })

  test('a key spelt with y beyond the field is refused', () => {
    const beyond = bytes32(2n ** 255n - 19n + 3n)
    expect(ed25519.isSoundPublicKey(beyond)).toBe(false)
  })

  test('malformed keys and signatures of any length give false and never throw', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 64, maxLength: 64 }))
    const keys = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    fc.assert(
      fc.property(keys, bytes, (key, signature) => {
        expect(ed25519.verify(key, message, signature)).toBe(false)
      }),
    )
  })

  test('a seed of another length is refused, and a pair prints without its secret', () => {
    expect(() => ed25519.pairFromSeed(new Uint8Array(31))).toThrow(KeyError)
    const pair = ed25519.pairFromSeed(fromHex(oldLeopard.seed))
    for (const spelling of spellingsOf(pair.revealSecret())) expect(printedForms(pair)).not.toContain(spelling)
  })
})
