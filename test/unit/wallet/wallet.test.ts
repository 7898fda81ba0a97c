import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pairFromMnemonic } from '../../../src/keys/derive.ts'
import { KeyError } from '../../../src/keys/keyError.ts'
import * as sr25519 from '../../../src/keys/sr25519.ts'
import { createColdkey } from '../../../src/wallet/createColdkey.ts'
import { createHotkey } from '../../../src/wallet/createHotkey.ts'
import { createDevWallets } from '../../../src/wallet/devWallets.ts'
import { listWallets } from '../../../src/wallet/listWallets.ts'
import { openWallet } from '../../../src/wallet/openWallet.ts'
import { regenColdkey } from '../../../src/wallet/regenColdkey.ts'
import { regenColdkeypub } from '../../../src/wallet/regenColdkeypub.ts'
import { regenHotkey } from '../../../src/wallet/regenHotkey.ts'
import { coldkeyPaths, walletsFolder } from '../../../src/wallet/walletPaths.ts'
import { printedForms, spellingsOf } from '../keys/leaks.ts'
import { bottomDrive, oldLeopard, vectors } from '../keys/vectors.ts'
import { alone, scratchFolder, walletErrorOf } from './scratch.ts'

const plain = { ...alone, encrypt: false }
const message = new TextEncoder().encode('hello')
const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const bob = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

describe('creating and opening', () => {
  test('a coldkey and a hotkey have phrases of their own, of 12 words, and open as signers', async () => {
    const path = scratchFolder()
    const coldkey = await createColdkey({ ...plain, path, name: 'w' })
    const hotkey = await createHotkey({ ...alone, path, name: 'w', hotkey: 'h', words: 24 })
    const wallet = openWallet({ ...alone, path, name: 'w', hotkey: 'h' })
    expect(coldkey.mnemonic.reveal().split(' ')).toHaveLength(12)
    expect(hotkey.mnemonic.reveal().split(' ')).toHaveLength(24)
    expect((await pairFromMnemonic(coldkey.mnemonic.reveal())).address).toBe(coldkey.address)
    expect((await wallet.coldkeypub()).address).toBe(coldkey.address)
    expect((await wallet.hotkeypub()).address).toBe(hotkey.address)
    const signer = await wallet.hotkeySigner()
    expect(sr25519.verify((await wallet.hotkeypub()).publicKey, message, await signer.sign(message))).toBe(true)
    expect((await wallet.coldkeySigner()).address).toBe(coldkey.address)
    expect(readdirSync(join(path, 'w')).sort()).toEqual(['coldkey', 'coldkeypub.txt', 'hotkeys'])
    expect(readdirSync(join(path, 'w', 'hotkeys')).sort()).toEqual(['h', 'hpub.txt'])
  })

  test('regenerating from phrase, seed and URI', async () => {
    const path = scratchFolder()
    const sources = { phrase: { mnemonic: oldLeopard.mnemonic }, seed: { seed: oldLeopard.seed } }
    for (const [name, source] of Object.entries(sources)) {
      expect((await regenColdkey(source, { ...plain, path, name })).address).toBe(oldLeopard.ss58_42)
      expect((await openWallet({ ...alone, path, name }).coldkeySigner()).address).toBe(oldLeopard.ss58_42)
    }
    await regenHotkey({ uri: '//Alice' }, { path })
    await regenHotkey({ mnemonic: oldLeopard.mnemonic }, { path, hotkey: 'ed', type: 'ed25519' })
    expect((await openWallet({ ...alone, path }).hotkeySigner()).address).toBe(alice)
    const ed = await openWallet({ ...alone, path, hotkey: 'ed' }).hotkeySigner()
    expect(ed).toMatchObject({ address: oldLeopard.ed25519_ss58_42, type: 'ed25519' })
    await expect(regenHotkey({ mnemonic: 'old leopard' }, { path, hotkey: 'bad' })).rejects.toThrow(KeyError)
  })

  test('a machine with coldkeypub.txt alone serves the hotkey, and says why it cannot sign as coldkey', async () => {
    const path = scratchFolder()
    await regenColdkeypub(vectors.ss58.prefix0, { path, name: 'w' })
    await regenHotkey({ uri: '//Bob' }, { path, name: 'w' })
    const wallet = openWallet({ ...alone, path, name: 'w' })
    expect((await wallet.coldkeypub()).address).toBe(vectors.ss58.prefix42)
    expect((await wallet.hotkeySigner()).address).toBe(bob)
    const error = await walletErrorOf(wallet.coldkeySigner())
    expect(error.failure).toEqual({ code: 'watch-only', path: join(path, 'w', 'coldkey') })
  })

  test('a plain coldkey without coldkeypub.txt, and a hotkey without its public file', async () => {
    const path = scratchFolder()
    await regenColdkey({ uri: '//Alice' }, { ...plain, path })
    await regenHotkey({ uri: '//Bob' }, { path })
    rmSync(join(path, 'default', 'coldkeypub.txt'))
    rmSync(join(path, 'default', 'hotkeys', 'defaultpub.txt'))
    const wallet = openWallet({ ...alone, path })
    expect([(await wallet.coldkeypub()).address, (await wallet.hotkeypub()).address]).toEqual([alice, bob])
  })

  test('without terminal and password, an encrypted hotkey names the variable that unlocks it', async () => {
    const path = scratchFolder()
    const file = join(path, 'w', 'hotkeys', 'h')
    mkdirSync(join(path, 'w', 'hotkeys'), { recursive: true })
    writeFileSync(file, vectors.constructed.ansible_vault.file)
    const open = (options: object) => openWallet({ path, name: 'w', hotkey: 'h', ...alone, ...options }).hotkeySigner()
    const { failure } = await walletErrorOf(open({}))
    if (failure.code !== 'locked') throw new Error(failure.code)
    expect(failure.variable).toBe(`BT_PW_${file.replaceAll(/[/.]/g, '_').toUpperCase()}`)
    const wrong = await walletErrorOf(open({ env: { BT_WALLET_PASSWORD: 'opensesame' } }))
    expect(wrong.failure).toEqual({ code: 'wrong-password', path: file, source: 'BT_WALLET_PASSWORD' })
    expect(printedForms(wrong)).not.toContain('opensesame')
    // The vector's plain text is a public half: the password fits, but there is nothing to sign with.
    const { password } = vectors.constructed
    expect((await walletErrorOf(open({ password }))).failure.code).toBe('watch-only')
  })

  test('a failed opening can be tried again', async () => {
    const path = scratchFolder()
    const wallet = openWallet({ ...alone, path })
    expect((await walletErrorOf(wallet.hotkeySigner())).failure.code).toBe('no-such-key')
    await regenHotkey({ uri: '//Bob' }, { path })
    expect((await wallet.hotkeySigner()).address).toBe(bob)
  })

  test('an address in place of a hotkey’s file name gets the mend that fits', async () => {
    const error = await walletErrorOf(openWallet({ ...alone, path: scratchFolder(), hotkey: alice }).hotkeySigner())
    expect(error.mend).toMatch(/not its address/)
  })
})

describe('overwriting', () => {
  test('keys are kept unless told, and before any password is asked for', async () => {
    const path = scratchFolder()
    await regenColdkey({ uri: '//Alice' }, { ...plain, path })
    await regenHotkey({ uri: '//Bob' }, { path })
    for (const create of [createColdkey, createHotkey]) {
      expect((await walletErrorOf(create({ ...alone, path }))).failure.code).toBe('exists')
    }
    const wallet = openWallet({ ...alone, path })
    expect([(await wallet.coldkeySigner()).address, (await wallet.hotkeySigner()).address]).toEqual([alice, bob])
    const next = await createColdkey({ ...plain, path, overwrite: true })
    const reopened = openWallet({ ...alone, path })
    expect((await reopened.coldkeypub()).address).toBe(next.address)
    expect((await reopened.coldkeySigner()).address).toBe(next.address)
  })

  test('a public half of another coldkey is kept too; of the same one it does no harm', async () => {
    const path = scratchFolder()
    await regenColdkeypub(oldLeopard.ss58_42, { path })
    expect((await walletErrorOf(createColdkey({ ...plain, path }))).failure.code).toBe('exists')
    expect((await walletErrorOf(regenColdkeypub(alice, { path }))).failure.code).toBe('exists')
    await regenColdkey({ mnemonic: oldLeopard.mnemonic }, { ...plain, path })
    await regenColdkeypub(oldLeopard.ss58_42, { path })
    expect((await openWallet({ ...alone, path }).coldkeySigner()).address).toBe(oldLeopard.ss58_42)
  })
})

describe('names and paths', () => {
  test.each(['', '.', '..', '../up', 'a/b', 'a\\b', 'a\0b', 'a\nb', '\u001b[2J'])('name %j is refused', (name) => {
    expect(() => openWallet({ name })).toThrow(/cannot be the name of a wallet/)
    expect(() => openWallet({ hotkey: name })).toThrow(/cannot be the name of a hotkey/)
  })

  test('a hotkey cannot take the name of a public file', () => {
    expect(() => openWallet({ hotkey: 'mypub.txt' })).toThrow(/cannot be the name of a hotkey/)
  })

  test('spaces, dots inside and other scripts are names like any other', () => {
    expect(coldkeyPaths({ path: '/w', name: 'my wallet.v2 ключ' }).coldkey).toBe('/w/my wallet.v2 ключ/coldkey')
  })

  test('Bittensor’s own folder by default, ~ is the home folder', () => {
    expect(walletsFolder()).toBe(join(homedir(), '.bittensor/wallets'))
    expect(walletsFolder('~/x')).toBe(join(homedir(), 'x'))
    expect(walletsFolder('/~/x')).toBe('/~/x')
  })
})

describe('listing', () => {
  test('wallets and hotkeys by name, without a password; a bad file does not hide the others', async () => {
    const path = scratchFolder()
    await regenColdkey({ uri: '//Alice' }, { ...plain, path, name: 'b' })
    await regenHotkey({ uri: '//Bob' }, { path, name: 'b', hotkey: 'two' })
    const hotkeys = join(path, 'b', 'hotkeys')
    writeFileSync(join(hotkeys, 'one'), 'damaged')
    writeFileSync(join(hotkeys, 'locked'), vectors.constructed.ansible_vault.file)
    writeFileSync(join(hotkeys, 'awaypub.txt'), JSON.stringify({ ss58Address: alice }))
    writeFileSync(join(hotkeys, '.two.abc.tmp'), 'left over')
    symlinkSync(path, join(hotkeys, 'folder'))
    await regenColdkeypub(oldLeopard.ss58_42, { path, name: 'a' })
    writeFileSync(join(path, 'README'), '')
    const [a, b, ...rest] = await listWallets(path)
    expect(rest).toEqual([])
    expect(a).toMatchObject({ name: 'a', coldkey: { address: oldLeopard.ss58_42, secret: 'absent' }, hotkeys: [] })
    expect(b).toMatchObject({ name: 'b', coldkey: { address: alice, secret: 'plain' } })
    expect(b!.hotkeys).toMatchObject([
      { name: 'away', address: alice, secret: 'absent', problem: undefined },
      { name: 'folder', address: undefined, secret: 'unreadable', problem: expect.stringContaining('EISDIR') },
      { name: 'locked', address: undefined, secret: 'encrypted', problem: undefined },
      { name: 'one', address: undefined, secret: 'plain', problem: expect.stringContaining('holds no key') },
      { name: 'two', address: bob, secret: 'plain', problem: undefined },
    ])
  })

  test('no folder, no wallets', async () => {
    expect(await listWallets(join(scratchFolder(), 'none'))).toEqual([])
  })
})

describe('wallets of a local run', () => {
  const wallets = [
    { name: 'owner', coldkeyUri: '//Alice', hotkeyUris: {} },
    { name: 'miner', coldkeyUri: '//Bob', hotkeyUris: { law: '//Bob//law', medicine: '//Bob//medicine' } },
  ]

  test('are plain, open without a password, and are made once', async () => {
    const path = scratchFolder()
    const created = await createDevWallets(path, wallets)
    expect(created.map(({ name, coldkey }) => [name, coldkey])).toEqual([
      ['owner', alice],
      ['miner', bob],
    ])
    const wallet = openWallet({ ...alone, path, name: 'miner', hotkey: 'law' })
    expect((await wallet.hotkeySigner()).address).toBe(created[1]!.hotkeys.law)
    expect((await wallet.coldkeySigner()).address).toBe(bob)
    rmSync(join(path, 'miner', 'coldkeypub.txt'))
    expect(await createDevWallets(path, wallets)).toEqual(created)
    expect((await openWallet({ ...alone, path, name: 'miner' }).coldkeypub()).address).toBe(bob)
  })

  test('attack: a wallet of another key under the same name is never replaced', async () => {
    const path = scratchFolder()
    await regenColdkey({ mnemonic: bottomDrive.mnemonic }, { ...plain, path, name: 'owner' })
    const error = await walletErrorOf(createDevWallets(path, wallets))
    expect(error.failure.code).toBe('exists')
    expect((await openWallet({ ...alone, path, name: 'owner' }).coldkeySigner()).address).toBe(bottomDrive.ss58_42)
    rmSync(join(path, 'owner', 'coldkeypub.txt'))
    expect((await walletErrorOf(createDevWallets(path, wallets))).failure.code).toBe('exists')
  })
})

test('nothing that these functions return prints a secret', async () => {
  const path = scratchFolder()
  const coldkey = await createColdkey({ ...plain, path })
  const wallet = openWallet({ ...alone, path, password: 'opensesame' })
  const pair = await pairFromMnemonic(coldkey.mnemonic.reveal())
  const printed = printedForms({
    coldkey,
    wallet,
    signer: await wallet.coldkeySigner(),
    public: await wallet.coldkeypub(),
    listed: await listWallets(path),
  })
  expect(printed).toContain(coldkey.address)
  expect(printed).not.toContain(coldkey.mnemonic.reveal().split(' ').slice(0, 3).join(' '))
  expect(printed).not.toContain('opensesame')
  for (const spelling of spellingsOf(pair.revealSecret())) expect(printed).not.toContain(spelling)
})
