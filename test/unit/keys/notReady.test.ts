import { expect, test } from 'vitest'
import { KeyError } from '../../../src/keys/keyError.ts'
import * as sr25519 from '../../../src/keys/sr25519.ts'

// A file of its own: once loaded, the WebAssembly stays loaded for the whole process.
test('sr25519 before ready() says so instead of calling a good signature bad', async () => {
  const blank = new Uint8Array(64)
  expect(() => sr25519.verify(blank.subarray(0, 32), blank, blank)).toThrow(KeyError)
  expect(() => sr25519.pairFromSeed(blank.subarray(0, 32))).toThrow(/ready/)
  await sr25519.ready()
  expect(sr25519.verify(blank.subarray(0, 32), blank, blank)).toBe(false)
})
