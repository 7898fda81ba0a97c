import { cryptoWaitReady, sr25519Sign as oracleSign, sr25519Verify as oracleVerify } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../src/keys/hex.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import * as sr25519 from '../../../src/keys/sr25519.ts'
import { printedForms, spellingsOf } from './leaks.ts'
import { bottomDrive, oldLeopard, vectors } from './vectors.ts'

const order = 2n ** 252n + 27742317777372353535851937790883648493n
const message = new TextEncoder().encode('one question')

beforeAll(async () => {
  await sr25519.ready()
  await cryptoWaitReady()
})

function pair() {
  return sr25519.pairFromSeed(fromHex(oldLeopard.seed))
}

describe('sr25519', () => {
  test.each([oldLeopard, bottomDrive])('seed to public key and secret: $ss58_42', (vector) => {
    const made = sr25519.pairFromSeed(fromHex(vector.seed))
    expect(toHex(made.publicKey)).toBe(vector.sr25519_public)
    expect(toHex(made.revealSecret())).toBe(vector.sr25519_secret64)
    expect(made.address).toBe(vector.ss58_42)
  })

  test('the two forms of a private key (wallets.md, 5, trap)', () => {
    const { keyfile, polkadot } = vectors.private_key_form
    const fromKeyfile = sr25519.pairFromSecret(fromHex(keyfile), 'canonical')
    const fromPolkadot = sr25519.pairFromSecret(fromHex(polkadot), 'ed25519')
    expect(fromKeyfile.address).toBe(oldLeopard.ss58_42)
    expect(fromPolkadot.address).toBe(oldLeopard.ss58_42)
    expect(toHex(fromKeyfile.revealSecret())).toBe(polkadot)
    expect(toHex(sr25519.canonicalSecret(pair()))).toBe(keyfile)
    expect(sr25519.verify(pair().publicKey, message, sr25519.sign(fromKeyfile, message))).toBe(true)
  })

  test('any seed survives the way through the canonical form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const made = sr25519.pairFromSeed(seed)
        expect(sr25519.pairFromSecret(sr25519.canonicalSecret(made), 'canonical').publicKey).toEqual(made.publicKey)
        expect(sr25519.pairFromSecret(made.revealSecret(), 'ed25519').publicKey).toEqual(made.publicKey)
      }),
      { numRuns: 25 },
    )
  })

  test('a private key in the wrong form or out of range is refused', () => {
    const withScalar = (scalar: bigint): Uint8Array =>
      Uint8Array.from({ length: 64 }, (_, i) => (i < 32 ? Number((scalar >> BigInt(8 * i)) & 0xffn) : 7))
    expect(() => sr25519.pairFromSecret(withScalar(0n), 'canonical')).toThrow(KeyError)
    expect(() => sr25519.pairFromSecret(withScalar(order), 'canonical')).toThrow(KeyError)
    expect(() => sr25519.pairFromSecret(withScalar(1n), 'ed25519')).toThrow(KeyError)
    expect(() => sr25519.pairFromSecret(fromHex(vectors.private_key_form.polkadot), 'canonical')).toThrow(KeyError)
    expect(() => sr25519.pairFromSecret(new Uint8Array(63), 'canonical')).toThrow(KeyError)
    expect(() => sr25519.pairFromSeed(new Uint8Array(33))).toThrow(KeyError)
  })

  test('signatures are accepted by polkadot.js and its signatures by us', () => {
    const { publicKey } = pair()
    const secretKey = pair().revealSecret()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
        expect(oracleVerify(text, sr25519.sign(pair(), text), publicKey)).toBe(true)
        expect(sr25519.verify(publicKey, text, oracleSign(text, { publicKey, secretKey }))).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('a flipped bit anywhere in signature, message or key gives false', () => {
    const signature = sr25519.sign(pair(), message)
    const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    for (let bit = 0; bit < 512; bit++) {
      expect(sr25519.verify(pair().publicKey, message, flipped(signature, bit)), `bit ${bit}`).toBe(false)
    }
    expect(sr25519.verify(pair().publicKey, flipped(message, 3), signature)).toBe(false)
    expect(sr25519.verify(flipped(pair().publicKey, 3), message, signature)).toBe(false)
  })

  test('attack: a second spelling of a valid signature (s + order) is refused', () => {
    const signature = sr25519.sign(pair(), message)
    const s = signature
      .subarray(32)
      .reduceRight((sum, byte, i) => (sum << 8n) | BigInt(i === 31 ? byte & 0x7f : byte), 0n)
    const other = signature.slice()
    for (let i = 0; i < 32; i++) other[32 + i] = Number(((s + order) >> BigInt(8 * i)) & 0xffn) | (i === 31 ? 0x80 : 0)
    expect(sr25519.verify(pair().publicKey, message, other)).toBe(false)
  })

  test('malformed keys and signatures of any length give false and never throw', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 64, maxLength: 64 }))
    const keys = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    fc.assert(
      fc.property(keys, bytes, (key, signature) => {
        expect(sr25519.verify(key, message, signature)).toBe(false)
      }),
    )
    expect(sr25519.verify(pair().publicKey, message, sr25519.sign(pair(), message))).toBe(true)
  })

  test('an ed25519 pair is refused for signing', async () => {
    const ed25519 = await import('../../../src/keys/ed25519.ts')
    expect(() => sr25519.sign(ed25519.pairFromSeed(new Uint8Array(32)), message)).toThrow(KeyError)
  })

  test('a pair prints without its secret', () => {
    const printed = printedForms({ pair: pair() })
    expect(printed).toContain('sr25519')
    for (const spelling of spellingsOf(pair().revealSecret())) expect(printed).not.toContain(spelling)
  })
})
