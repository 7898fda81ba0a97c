import { xxhashAsU8a } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { twox } from '../../../src/localnet/twox.ts'

test('both widths equal the reference library for inputs of every length class', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(64, 128), (data, bits) => {
      expect(Buffer.from(twox(data, bits)).toString('hex')).toBe(Buffer.from(xxhashAsU8a(data, bits)).toString('hex'))
    }),
    { numRuns: 500 },
  )
})
