import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady, signatureVerify } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { toHex } from '../../../src/keys/hex.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import { localSigner } from '../../../src/keys/signer.ts'
import { signText, verifyText } from '../../../src/wallet/signText.ts'

beforeAll(async () => {
  await cryptoWaitReady()
})

describe.each(['sr25519', 'ed25519'] as const)('signing text with %s', (type) => {
  test('what is signed verifies, here and with polkadot.js, and only for that text and address', async () => {
    const signer = localSigner(await pairFromUri('//Alice', type))
    const other = await pairFromUri('//Bob', type)
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        fc.pre(!text.startsWith('0x'))
        const signature = await signText(signer, text)
        expect(await verifyText(signer.address, text, signature)).toBe(true)
        expect(signatureVerify(new TextEncoder().encode(text), signature, signer.address).isValid).toBe(true)
        expect(await verifyText(signer.address, `${text}.`, signature)).toBe(false)
        expect(await verifyText(other.address, text, signature)).toBe(false)
      }),
      { numRuns: 10 },
    )
  })

  test('0x text is the bytes it spells', async () => {
    const signer = localSigner(await pairFromUri('//Alice', type))
    expect(await verifyText(signer.address, 'hi', await signText(signer, '0x6869'))).toBe(true)
    await expect(signText(signer, '0xhi')).rejects.toThrow(KeyError)
  })

  test('what a browser extension signs, wrapped and with the type byte in front, verifies', async () => {
    const pair = new Keyring({ type }).createFromUri('//Alice')
    const wrapped = new TextEncoder().encode('<Bytes>hello</Bytes>')
    expect(await verifyText(pair.address, 'hello', toHex(pair.sign(wrapped)))).toBe(true)
    expect(await verifyText(pair.address, 'hello', toHex(pair.sign(wrapped, { withType: true })))).toBe(true)
  })
})

test('a signature that is none is false, an address that is none an error', async () => {
  const { address } = await pairFromUri('//Alice')
  expect(await verifyText(address, 'hello', `0x${'00'.repeat(64)}`)).toBe(false)
  expect(await verifyText(address, 'hello', '0x')).toBe(false)
  await expect(verifyText('nobody', 'hello', '0x00')).rejects.toThrow(KeyError)
  await expect(verifyText(address, 'hello', 'signature')).rejects.toThrow(KeyError)
})
