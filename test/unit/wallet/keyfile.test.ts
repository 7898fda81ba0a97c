import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { toHex } from '../../../src/keys/hex.ts'
import { encodeAddress } from '../../../src/keys/ss58.ts'
import { parseKeyfile } from '../../../src/wallet/keyfile.ts'
import { makeKey, publicKeyfile } from '../../../src/wallet/newKey.ts'
import { WalletError } from '../../../src/wallet/walletError.ts'
import { printedForms, spellingsOf } from '../keys/leaks.ts'
import { oldLeopard, vectors } from '../keys/vectors.ts'
import { btwallet } from './btwalletVectors.ts'
import { walletErrorOf } from './scratch.ts'

const full: Record<string, unknown> = JSON.parse(vectors.constructed.nacl.plaintext_full)
const { secretPhrase, secretSeed, privateKey, ss58Address, publicKey } = full

function parse(content: unknown) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return parseKeyfile(new TextEncoder().encode(text), 'the file')
}

async function reasonOf(content: unknown): Promise<unknown> {
  const { failure } = await walletErrorOf(parse(content))
  return failure.code === 'bad-keyfile' ? failure.reason : failure.code
}

describe('reading', () => {
  test.each([
    ['all fields', full],
    ['phrase only', { secretPhrase, ss58Address }],
    ['seed only', { secretSeed, ss58Address }],
    ['private key only', { privateKey, ss58Address }],
    ['private key of 32 bytes', { privateKey: secretSeed, ss58Address }],
    ['no address', { secretSeed }],
    ['nulls of the Python era', { ...full, secretPhrase: null, secretSeed: null }],
    ['a numeric type', { ...full, cryptoType: 1 }],
    ['a type in a string', { ...full, cryptoType: '1' }],
    ['the misspelt address field', { secretSeed, ' ss58Address': ss58Address }],
    ['fields of newer writers', { ...full, cryptoType: 1, accountType: 'sr25519', signingScheme: 'sr25519' }],
    ['an address with another prefix', { secretSeed, ss58Address: vectors.ss58.prefix0 }],
    ['a bare phrase', oldLeopard.mnemonic],
    ['a bare seed', oldLeopard.seed],
    ['a bare seed without 0x', oldLeopard.seed.slice(2)],
    ['a bare private key', vectors.private_key_form.keyfile],
    ['a byte order mark', `\ufeff${JSON.stringify(full)}`],
  ])('%s', async (_case, content) => {
    const keyfile = await parse(content)
    expect(keyfile).toMatchObject({ address: oldLeopard.ss58_42, type: 'sr25519' })
    expect(toHex(keyfile.pair!.publicKey)).toBe(oldLeopard.sr25519_public)
    expect(toHex(keyfile.pair!.revealSecret().subarray(0, 32))).toBe(oldLeopard.sr25519_secret64.slice(0, 66))
  })

  test('a bare seed of decimal digits is not a JSON number', async () => {
    const digits = '12'.repeat(32)
    expect((await parse(digits)).address).toBe((await parse(`0x${digits}`)).address)
  })

  test('the phrase wins over seed and private key, as in btwallet', async () => {
    const other = await makeKey({ uri: '//Alice' })
    const mixed = { ...JSON.parse(other.keyfile.reveal()), secretPhrase, publicKey, accountId: publicKey, ss58Address }
    expect((await parse(mixed)).address).toBe(oldLeopard.ss58_42)
  })

  test('an ed25519 key, labelled and mislabelled', async () => {
    const address = oldLeopard.ed25519_ss58_42
    const contents = [
      { secretPhrase, ss58Address: address, cryptoType: 0 },
      { secretSeed, ss58Address: address },
      { privateKey: secretSeed, ss58Address: address, cryptoType: '0' },
      { privateKey: secretSeed + oldLeopard.ed25519_public.slice(2), ss58Address: address, cryptoType: 0 },
      { privateKey: secretSeed + oldLeopard.ed25519_public.slice(2), ss58Address: address },
    ]
    for (const content of contents) expect(await parse(content)).toMatchObject({ address, type: 'ed25519' })
  })

  test('only a public half', async () => {
    expect(await parse({ ss58Address, publicKey })).toMatchObject({ address: oldLeopard.ss58_42, pair: undefined })
    expect(await parse({ accountId: publicKey })).toMatchObject({ address: oldLeopard.ss58_42, pair: undefined })
  })

  test.each(btwallet.files.filter((file) => !file.encrypted))('btwallet 4.0.1 wrote $path', async (file) => {
    expect((await parseKeyfile(file.base64, file.path)).address).toBe(file.ss58)
  })

  test.each([
    ['another address beside the secret', { secretSeed, ss58Address: encodeAddress(new Uint8Array(32)) }, 'mismatch'],
    ['two public keys that differ', { ss58Address, publicKey: `0x${'00'.repeat(32)}` }, 'mismatch'],
    ['an address that is none', { secretSeed, ss58Address: 'hello' }, 'mismatch'],
    ['the polkadot form as private key', { privateKey: vectors.private_key_form.polkadot, ss58Address }, 'secret'],
    ['a phrase with a wrong word', { secretPhrase: oldLeopard.mnemonic.replace('fire', 'fier') }, 'secret'],
    ['a seed too short', { secretSeed: '0x1234' }, 'secret'],
    ['a type not known', { ...full, cryptoType: 7 }, 'crypto-type'],
    ['a type that is no number', { ...full, cryptoType: 'sr25519' }, 'crypto-type'],
    ['a polkadot.js export', { encoded: 'AAAA', encoding: { version: '3' }, address: ss58Address }, 'polkadot-export'],
    ['no key', {}, 'format'],
    ['a list', [full], 'format'],
    ['prose', 'this is no keyfile', 'format'],
    ['nothing', '', 'format'],
    ['an encrypted file', '$NACL…', 'encryption'],
  ])('%s is refused', async (_case, content, reason) => {
    expect(await reasonOf(content)).toBe(reason)
  })

  test('bytes that are no text are refused', async () => {
    const error = await walletErrorOf(parseKeyfile(Uint8Array.of(0xff, 0xfe, 0x00), 'x'))
    expect(error.failure).toMatchObject({ reason: 'encoding' })
  })

  test('garbage gives a keyfile or a WalletError, never anything else', async () => {
    const field = fc.constantFrom(...Object.keys(full), 'cryptoType', ' ss58Address', 'encoded', '__proto__')
    const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(...Object.values(full)), fc.string())
    const contents = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 100 }).map((text) => new TextEncoder().encode(text)),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.dictionary(field, value, { maxKeys: 5 }).map((content) => new TextEncoder().encode(JSON.stringify(content))),
    )
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        try {
          expect((await parseKeyfile(content, 'x')).publicKey).toHaveLength(32)
        } catch (error) {
          expect(error).toBeInstanceOf(WalletError)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('attack: errors about a damaged file show nothing of it', async () => {
    const whole = JSON.stringify(full)
    const damaged = [
      whole.slice(0, -1),
      whole.replace('":"', '"'),
      `${oldLeopard.mnemonic} and more`,
      oldLeopard.mnemonic.replace('caution', 'cautious'),
      JSON.stringify({ ...full, ss58Address: oldLeopard.mnemonic }),
      JSON.stringify({ ...full, cryptoType: oldLeopard.mnemonic }),
      JSON.stringify({ ...full, secretPhrase: null, secretSeed: `${oldLeopard.seed}00` }),
      oldLeopard.seed.slice(0, -1),
    ]
    for (const content of damaged) {
      const printed = printedForms(await walletErrorOf(parse(content)))
      expect(printed).toContain('the file')
      for (const secret of ['leopard', 'spatial', 'da3cf5b1', '1f1995bd']) expect(printed).not.toContain(secret)
    }
  })
})

describe('writing', () => {
  test('the six string fields of btwallet, and nothing else', async () => {
    const { keyfile } = await makeKey({ mnemonic: `  ${oldLeopard.mnemonic.replaceAll(' ', '\n')} ` })
    expect(JSON.parse(keyfile.reveal())).toEqual(full)
    const pair = await pairFromUri(oldLeopard.mnemonic)
    expect(JSON.parse(publicKeyfile(pair))).toEqual({ accountId: publicKey, publicKey, ss58Address })
  })

  test('a seed leaves no phrase, a URI neither phrase nor seed', async () => {
    expect(JSON.parse((await makeKey({ seed: oldLeopard.seed })).keyfile.reveal())).toEqual({
      ...full,
      secretPhrase: undefined,
    })
    const uri = await makeKey({ uri: '//Alice' })
    const fields: Record<string, unknown> = JSON.parse(uri.keyfile.reveal())
    expect(Object.keys(fields).sort()).toEqual(['accountId', 'privateKey', 'publicKey', 'ss58Address'])
    expect((await parse(fields)).address).toBe('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY')
  })

  test('an ed25519 key names its type and comes back', async () => {
    for (const source of [{ mnemonic: oldLeopard.mnemonic }, { seed: oldLeopard.seed }, { uri: '//Bob' }]) {
      const { pair, keyfile } = await makeKey(source, 'ed25519')
      expect(JSON.parse(keyfile.reveal())).toMatchObject({ cryptoType: 0 })
      expect(await parse(keyfile.reveal())).toMatchObject({ address: pair.address, type: 'ed25519' })
    }
  })

  test('a key about to be written, and one that was read, print without their secrets', async () => {
    const made = await makeKey({ mnemonic: oldLeopard.mnemonic })
    const printed = printedForms({ made, read: await parse(full) })
    expect(printed).toContain('[secret]')
    for (const secret of ['leopard', 'da3cf5b1', '1f1995bd', ...spellingsOf(made.pair.revealSecret())]) {
      expect(printed).not.toContain(secret)
    }
  })
})
