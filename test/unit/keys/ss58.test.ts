import { decodeAddress as oracleDecode, encodeAddress as oracleEncode } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase58 } from '../../../src/keys/base58.ts'
import { blake2b512 } from '../../../src/keys/hash.ts'
import { fromHex } from '../../../src/keys/hex.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import { decodeAddress, encodeAddress, isAddress } from '../../../src/keys/ss58.ts'
import { vectors } from './vectors.ts'

const publicKeys = fc.uint8Array({ minLength: 32, maxLength: 32 })
// 46 and 47 are reserved by the SS58 registry and refused by the oracle.
const prefixes = fc.integer({ min: 0, max: 16_383 }).filter((prefix) => prefix !== 46 && prefix !== 47)

function reasonOf(address: string): unknown {
  try {
    return decodeAddress(address)
  } catch (error) {
    if (error instanceof KeyError && error.failure.code === 'bad-address') return error.failure.reason
    throw error
  }
}

describe('ss58', () => {
  test('the vectors, under prefix 42 and prefix 0', () => {
    const publicKey = fromHex(vectors.ss58.public)
    expect(encodeAddress(publicKey)).toBe(vectors.ss58.prefix42)
    expect(encodeAddress(publicKey, 0)).toBe(vectors.ss58.prefix0)
    expect(decodeAddress(vectors.ss58.prefix0)).toEqual({ publicKey, prefix: 0 })
    expect(decodeAddress(vectors.ss58.prefix42)).toEqual({ publicKey, prefix: 42 })
  })

  test('agrees with @polkadot/util-crypto for every key and prefix, and comes back', () => {
    fc.assert(
      fc.property(publicKeys, prefixes, (publicKey, prefix) => {
        const address = encodeAddress(publicKey, prefix)
        expect(address).toBe(oracleEncode(publicKey, prefix))
        expect(decodeAddress(address)).toEqual({ publicKey, prefix })
      }),
    )
  })

  test('one changed character is found', () => {
    fc.assert(
      fc.property(publicKeys, fc.nat(47), fc.constantFrom(...'123ABCxyz'), (publicKey, at, letter) => {
        const address = encodeAddress(publicKey)
        const changed = address.slice(0, at) + letter + address.slice(at + 1)
        fc.pre(changed !== address)
        // Two checksum bytes let one random change in 65536 pass; what passes must at least be what it says.
        if (isAddress(changed)) expect(oracleDecode(changed)).toEqual(decodeAddress(changed).publicKey)
        else expect(() => oracleDecode(changed)).toThrow()
      }),
    )
  })

  test('garbage gives a typed error, never anything else', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(...'5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'), maxLength: 60 }),
      fc.uint8Array({ maxLength: 40 }).map(toBase58),
    )
    fc.assert(
      fc.property(text, (address) => {
        expect(isAddress(address)).toBe(typeof reasonOf(address) === 'object')
      }),
    )
  })

  test('says what is wrong', () => {
    const address = vectors.ss58.prefix42
    expect(reasonOf('')).toBe('length')
    expect(reasonOf(`${address.slice(0, -1)}0`)).toBe('alphabet')
    expect(reasonOf(address.slice(3))).toBe('length')
    expect(reasonOf('5'.repeat(100_000))).toBe('length')
    expect(reasonOf(`${address.slice(0, -1)}${address.endsWith('Y') ? 'Z' : 'Y'}`)).toBe('checksum')
  })

  test('a one-byte prefix spelt in two bytes is refused: one key, one address', () => {
    const body = Uint8Array.of(0b0100_0000 | (42 >> 2), (42 & 0b11) << 6, ...fromHex(vectors.ss58.public))
    const checksum = blake2b512(Uint8Array.of(...new TextEncoder().encode('SS58PRE'), ...body)).subarray(0, 2)
    expect(reasonOf(toBase58(Uint8Array.of(...body, ...checksum)))).toBe('prefix')
  })

  test('a key of another length and an impossible prefix are refused', () => {
    expect(() => encodeAddress(new Uint8Array(31))).toThrow(KeyError)
    expect(() => encodeAddress(new Uint8Array(32), 16_384)).toThrow(KeyError)
    expect(() => encodeAddress(new Uint8Array(32), 1.5)).toThrow(KeyError)
  })
})
