import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../src/keys/hex.ts'
import { KeyError } from '../../../src/keys/keyError.ts'

test('hex comes back, with or without 0x and in either case', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const text = toHex(bytes)
      expect(fromHex(text, bytes.length)).toEqual(bytes)
      expect(fromHex(text.slice(2).toUpperCase())).toEqual(bytes)
    }),
  )
})

test.each(['0x0', '0xzz', '0x0g', ' 00', '0x00 '])('%j is refused', (text) => {
  expect(() => fromHex(text)).toThrow(KeyError)
})

test('another length is refused, and the digits are not in the message', () => {
  expect(() => fromHex('0xdeadbeef', 32)).toThrow(/^4 bytes of hex where 32 are needed$/)
})
