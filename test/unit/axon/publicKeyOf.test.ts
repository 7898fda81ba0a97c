import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publicKeyOf } from '../../../src/axon/publicKeyOf.ts'
import { encodeAddress } from '../../../src/keys/ss58.ts'

test('an address gives its key, however often it is asked for', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
      const address = encodeAddress(key)
      expect([publicKeyOf(address), publicKeyOf(address)]).toEqual([key, key])
    }),
  )
})

test('a wrong checksum is never remembered as right', () => {
  const address = encodeAddress(new Uint8Array(32).fill(7))
  const spoilt = `${address.slice(0, -1)}${address.endsWith('1') ? '2' : '1'}`
  expect([publicKeyOf(spoilt), publicKeyOf(address) !== undefined, publicKeyOf(spoilt)]).toEqual([
    undefined,
    true,
    undefined,
  ])
})

test('more addresses than are remembered: the first one is decoded again', () => {
  const keys = Array.from({ length: 4_200 }, (_, i) => new Uint8Array(32).fill(i & 0xff).fill(i >> 8, 16))
  const addresses = keys.map((key) => encodeAddress(key))
  expect(addresses.map(publicKeyOf)).toEqual(keys)
  expect(publicKeyOf(addresses[0]!)).toEqual(keys[0])
})
