import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady, mnemonicValidate } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { pairFromMnemonic, pairFromSeed, pairFromUri } from '../../../src/keys/derive.ts'
import { fromHex, toHex } from '../../../src/keys/hex.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import { devPhrase, generateMnemonic, miniSecretOf, mnemonicLengths } from '../../../src/keys/mnemonic.ts'
import { parseSecretUri } from '../../../src/keys/secretUri.ts'
import { printedForms } from './leaks.ts'
import { bottomDrive, oldLeopard, vectors } from './vectors.ts'

beforeAll(async () => {
  await cryptoWaitReady()
})

async function thrownBy(action: Promise<unknown>): Promise<KeyError> {
  try {
    await action
  } catch (error) {
    if (error instanceof KeyError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('mnemonic', () => {
  test.each([oldLeopard, bottomDrive])('mini secret, sr25519 and ed25519 addresses: $mnemonic', async (vector) => {
    expect(toHex(await miniSecretOf(vector.mnemonic))).toBe(vector.seed)
    expect((await pairFromMnemonic(vector.mnemonic)).address).toBe(vector.ss58_42)
    expect((await pairFromMnemonic(vector.mnemonic, 'ed25519')).address).toBe(vector.ed25519_ss58_42)
    expect((await pairFromSeed(fromHex(vector.seed))).address).toBe(vector.ss58_42)
  })

  test.each(mnemonicLengths)('generates %i words that polkadot.js accepts, other ones each time', async (words) => {
    const [first, second] = [await generateMnemonic(words), await generateMnemonic(words)]
    expect(first.split(' ')).toHaveLength(words)
    expect(mnemonicValidate(first)).toBe(true)
    expect(second).not.toBe(first)
  })

  test('white space around and between the words does not count', async () => {
    const spaced = `\n ${oldLeopard.mnemonic.replaceAll(' ', '\n  ')} \t`
    expect(toHex(await miniSecretOf(spaced))).toBe(oldLeopard.seed)
  })

  test.each([
    ['a word too few', oldLeopard.mnemonic.split(' ').slice(1).join(' ')],
    ['a misspelt word', oldLeopard.mnemonic.replace('leopard', 'leopart')],
    ['two words exchanged', oldLeopard.mnemonic.replace('old leopard', 'leopard old')],
    ['nothing', ''],
  ])('%s: a typed error that shows no word', async (_case, phrase) => {
    const error = await thrownBy(miniSecretOf(phrase))
    expect(error.failure.code).toBe('bad-mnemonic')
    for (const word of ['leopar', 'spatial', 'caution', 'transfer']) expect(printedForms(error)).not.toContain(word)
  })
})

describe('secret URI', () => {
  test.each(Object.entries(vectors.derived_from_dev_phrase_or_full_uri))('%s', async (uri, expected) => {
    const pair = await pairFromUri(uri)
    expect(pair.address).toBe(expected.ss58)
    expect(toHex(pair.publicKey)).toBe(expected.pub)
  })

  test('the dev phrase and a hex seed stand for each other', async () => {
    expect(devPhrase).toBe(bottomDrive.mnemonic)
    const alice = (await pairFromUri('//Alice')).address
    expect((await pairFromUri(`${devPhrase}//Alice`)).address).toBe(alice)
    expect((await pairFromUri(`${bottomDrive.seed}//Alice`)).address).toBe(alice)
    expect((await pairFromUri('')).address).toBe(bottomDrive.ss58_42)
  })

  test('the same keys as polkadot.js along random paths', async () => {
    const step = fc.tuple(
      fc.constantFrom('/', '//'),
      fc.oneof(
        fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/),
        fc.nat().map(String),
        fc.constantFrom('é', '0', '18446744073709551615', `${'x'.repeat(31)}`, `${'x'.repeat(32)}`, 'y'.repeat(300)),
      ),
    )
    const path = fc.array(step, { maxLength: 4 }).map((steps) => steps.flat().join(''))
    const password = fc.constantFrom('', '///', '///secret', '///a/b//c')
    const keyring = new Keyring({ type: 'sr25519' })
    await fc.assert(
      fc.asyncProperty(path, password, async (junctions, tail) => {
        const uri = `${oldLeopard.mnemonic}${junctions}${tail}`
        expect((await pairFromUri(uri)).address).toBe(keyring.createFromUri(uri).address)
      }),
      { numRuns: 40 },
    )
  })

  test('ed25519: the same hard derivation as polkadot.js, and no soft one', async () => {
    const alice = new Keyring({ type: 'ed25519' }).createFromUri('//Alice//1')
    expect((await pairFromUri('//Alice//1', 'ed25519')).address).toBe(alice.address)
    expect((await thrownBy(pairFromUri('/Alice', 'ed25519'))).failure.code).toBe('bad-uri')
  })

  test('a number beyond u64 counts as text, as in Substrate', () => {
    const [junction] = parseSecretUri('//18446744073709551616').junctions
    expect(new TextDecoder().decode(junction!.chainCode.subarray(1, 21))).toBe('18446744073709551616')
  })

  test('any text gives a pair or a typed error, and the error shows nothing of it', async () => {
    const uris = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.stringMatching(/^[a-z0x/ -]{0,60}$/))
    await fc.assert(
      fc.asyncProperty(uris, async (uri) => {
        try {
          expect((await pairFromUri(uri)).publicKey).toHaveLength(32)
        } catch (error) {
          expect(error).toBeInstanceOf(KeyError)
          if (uri.trim().length > 12) expect(printedForms(error)).not.toContain(uri)
        }
      }),
    )
  })

  test('a bad seed in a URI is not shown', async () => {
    const seed = `${oldLeopard.seed}ff`
    expect(printedForms(await thrownBy(pairFromUri(`${seed}//Alice`)))).not.toContain(seed.slice(2, 20))
  })
})
