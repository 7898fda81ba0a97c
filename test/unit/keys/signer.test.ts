import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady, sr25519Verify } from '@polkadot/util-crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import * as ed25519 from '../../../src/keys/ed25519.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import { externalSigner, localSigner } from '../../../src/keys/signer.ts'
import { encodeAddress } from '../../../src/keys/ss58.ts'
import { printedForms, spellingsOf } from './leaks.ts'

const message = new TextEncoder().encode('payload')

beforeAll(async () => {
  await cryptoWaitReady()
})

function polkadotPair(type: 'sr25519' | 'ed25519' | 'ecdsa' = 'sr25519') {
  return new Keyring({ type }).createFromUri('//Alice')
}

describe('signer', () => {
  test('a local signer signs what polkadot.js accepts, and prints without its secret', async () => {
    const pair = await pairFromUri('//Alice')
    const signer = localSigner(pair)
    expect(signer.address).toBe(polkadotPair().address)
    expect(sr25519Verify(message, await signer.sign(message), signer.publicKey)).toBe(true)
    for (const spelling of spellingsOf(pair.revealSecret())) expect(printedForms(signer)).not.toContain(spelling)
  })

  test.each(['sr25519', 'ed25519'] as const)('a polkadot.js %s pair is an external signer', async (type) => {
    const pair = polkadotPair(type)
    const signer = externalSigner(pair)
    expect(signer).toMatchObject({ address: pair.address, type })
    const signature = await signer.sign(message)
    expect(pair.verify(message, signature, pair.publicKey)).toBe(true)
  })

  test('a signer with only addressRaw, another prefix and a type byte in front', async () => {
    const pair = await pairFromUri('//Bob', 'ed25519')
    const signer = externalSigner({
      addressRaw: pair.publicKey,
      address: encodeAddress(pair.publicKey, 0),
      type: 'ed25519',
      sign: async (bytes) => Uint8Array.of(0, ...ed25519.sign(pair, bytes)),
    })
    expect(signer.address).toBe(pair.address)
    expect(ed25519.verify(pair.publicKey, message, await signer.sign(message))).toBe(true)
  })

  test('attack: another account’s signature, a signature over something else, a wrong type byte', async () => {
    const alice = polkadotPair()
    const bob = await pairFromUri('//Bob')
    const signers = [
      { publicKey: bob.publicKey, sign: (bytes: Uint8Array) => alice.sign(bytes) },
      { publicKey: alice.publicKey, sign: () => alice.sign(new TextEncoder().encode('<Bytes>payload</Bytes>')) },
      { publicKey: alice.publicKey, sign: (bytes: Uint8Array) => Uint8Array.of(0, ...alice.sign(bytes)) },
      { publicKey: alice.publicKey, sign: () => new Uint8Array(10) },
    ]
    for (const source of signers) {
      await expect(externalSigner(source).sign(message)).rejects.toThrow(KeyError)
    }
  })

  test('an unusable signer is refused at once', () => {
    const alice = polkadotPair()
    const sign = (bytes: Uint8Array): Uint8Array => alice.sign(bytes)
    expect(() => externalSigner({ sign })).toThrow(KeyError)
    expect(() => externalSigner(polkadotPair('ecdsa'))).toThrow(KeyError)
    expect(() => externalSigner({ publicKey: alice.publicKey, type: 'ethereum', sign })).toThrow(KeyError)
    expect(() => externalSigner({ publicKey: new Uint8Array(32), address: alice.address, sign })).toThrow(KeyError)
  })
})
