import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromHex } from '../../../src/keys/hex.ts'
import { openAnsibleVault } from '../../../src/wallet/ansibleVault.ts'
import { createColdkey } from '../../../src/wallet/createColdkey.ts'
import { decryptKeyfile, encryptionOf, encryptKeyfile } from '../../../src/wallet/keyfileCipher.ts'
import { openLegacyFernet } from '../../../src/wallet/legacyFernet.ts'
import { naclKey, openNacl, sealNacl } from '../../../src/wallet/naclKeyfile.ts'
import { openWallet } from '../../../src/wallet/openWallet.ts'
import { readWalletFile, writeWalletFile } from '../../../src/wallet/walletFile.ts'
import { vectors } from '../keys/vectors.ts'
import { btwallet } from './btwalletVectors.ts'
import { alone, scratchFolder } from './scratch.ts'

const { nacl, ansible_vault: ansible, legacy_fernet: fernet, password } = vectors.constructed
const small = Buffer.from(nacl.file_small_base64, 'base64')
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)

// Every encrypted file here has one password, and naclKey remembers the last key: the seconds of Argon2 are paid once.
describe('NaCl', () => {
  let key: Uint8Array

  beforeAll(async () => {
    key = await naclKey(password)
  })

  test('the key of the vector', () => {
    expect(Buffer.from(key).toString('hex')).toBe(nacl.derived_key_hex)
  })

  test('opens the files of the vectors and makes the same again', async () => {
    const nonce = fromHex(nacl.nonce_hex)
    for (const [plain, file] of [
      [nacl.plaintext_small, nacl.file_small_base64],
      [nacl.plaintext_full, nacl.file_full_base64],
    ] as const) {
      expect(text(await decryptKeyfile(Buffer.from(file, 'base64'), password))).toBe(plain)
      expect(Buffer.from(sealNacl(Buffer.from(plain), key, nonce)).toString('base64')).toBe(file)
    }
  })

  test.each(btwallet.files.filter((file) => file.encrypted))('opens what btwallet 4.0.1 wrote: $path', async (file) => {
    expect(JSON.parse(text(openNacl(file.base64, key))!)).toMatchObject({ ss58Address: file.ss58 })
  })

  test('each encryption has its own nonce', async () => {
    const [first, second] = [await encryptKeyfile(small, password), await encryptKeyfile(small, password)]
    expect(Buffer.from(first).equals(second)).toBe(false)
    expect(await decryptKeyfile(first, password)).toEqual(new Uint8Array(small))
  })

  test('a wrong key, and a change or cut anywhere, give undefined', () => {
    expect(openNacl(small, new Uint8Array(32))).toBeUndefined()
    fc.assert(
      fc.property(fc.integer({ min: 5, max: small.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(small)
        changed[at]! ^= change
        expect(openNacl(changed, key)).toBeUndefined()
        expect(openNacl(small.subarray(0, at), key)).toBeUndefined()
      }),
    )
  })

  test('a created coldkey is on disk as $NACL and opens with its password', async () => {
    const path = scratchFolder()
    const { address } = await createColdkey({ ...alone, path, name: 'main', password })
    const wallet = openWallet({ ...alone, path, name: 'main', password })
    expect(text((await readWalletFile(`${wallet.folder}/coldkey`))!.subarray(0, 5))).toBe('$NACL')
    expect((await wallet.coldkeySigner()).address).toBe(address)
  })

  test('a wallet of btwallet 4.0.1 works as it is', async () => {
    const path = scratchFolder()
    for (const file of btwallet.files) await writeWalletFile(`${path}/theirs/${file.path}`, file.base64, false)
    const ss58 = (name: string): string => btwallet.files.find((file) => file.path === name)!.ss58
    const wallet = openWallet({ ...alone, path, name: 'theirs', hotkey: 'enc', password: btwallet.password })
    expect((await wallet.coldkeypub()).address).toBe(ss58('coldkey'))
    expect((await wallet.coldkeySigner()).address).toBe(ss58('coldkey'))
    expect((await wallet.hotkeySigner()).address).toBe(ss58('hotkeys/enc'))
  })
})

describe('the formats of old wallets', () => {
  test('Ansible Vault, and not with another password', async () => {
    expect(text(await decryptKeyfile(Buffer.from(ansible.file), password))).toBe(ansible.plaintext)
    expect(await decryptKeyfile(Buffer.from(ansible.file), 'another')).toBeUndefined()
    expect(text(await openAnsibleVault(Buffer.from(ansible.file.replaceAll('\n', '\r\n')), password))).toBe(
      ansible.plaintext,
    )
  })

  test('a damaged vault gives undefined', async () => {
    const lines = ansible.file.split('\n')
    for (const damaged of [
      '$ANSIBLE_VAULT',
      '$ANSIBLE_VAULT;9.9;AES256\n00',
      lines[0]!,
      lines.slice(0, 3).join('\n'),
      ansible.file.replace('61393632656361323534', '61393632656361323535'),
      ansible.file.replace(/\d/g, 'z'),
    ]) {
      expect(damaged).not.toBe(ansible.file)
      expect(await openAnsibleVault(Buffer.from(damaged), password)).toBeUndefined()
    }
  })

  test('legacy Fernet', async () => {
    expect(text(await decryptKeyfile(Buffer.from(`${fernet.file}\n`), password))).toBe(fernet.plaintext)
  })

  test('a token that is none is not worth ten million rounds', async () => {
    for (const file of ['gAAAAA', 'gAAAAA!!', 'AAAA'.repeat(40)]) {
      expect(await openLegacyFernet(Buffer.from(file), password)).toBeUndefined()
    }
  })

  test('the format is told by the first bytes', () => {
    expect(encryptionOf(small)).toBe('nacl')
    expect(encryptionOf(Buffer.from(ansible.file))).toBe('ansible-vault')
    expect(encryptionOf(Buffer.from(fernet.file))).toBe('legacy-fernet')
    for (const plain of ['{}', '', '$NAC', 'old leopard']) expect(encryptionOf(Buffer.from(plain))).toBe('none')
  })
})
