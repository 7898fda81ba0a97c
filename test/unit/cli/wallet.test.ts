import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { verifyText } from '../../../src/wallet/signText.ts'
import { run, typist } from './runCommand.ts'

const phrase = 'old leopard transfer rib spatial phone calm indicate online fire caution review'
const address = '5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX'
const aliceAddress = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'

beforeEach(() => {
  vi.stubEnv('BT_WALLET_PASSWORD', '')
  vi.stubEnv('BT_WALLET_PASSWORD_FILE', '')
})
afterEach(() => vi.unstubAllEnvs())

/** Flags for a wallet in an empty folder. */
function place(name = 'w'): { folder: string; flags: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, flags: ['--wallet.path', folder, '--wallet.name', name] }
}

describe('wallet create', () => {
  test('makes both keys, and keeps the phrases out of what is piped', async () => {
    const { folder, flags } = place()
    const { code, out, notes } = await run('wallet create', [...flags, '--no-password'])
    expect(code).toBe(0)
    const keyfile = JSON.parse(readFileSync(join(folder, 'w', 'coldkey'), 'utf8')) as Record<string, string>
    expect(out).toContain(keyfile.ss58Address)
    expect(out + notes).not.toContain(keyfile.secretPhrase)
    expect(statSync(join(folder, 'w', 'coldkey')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'w', 'hotkeys', 'default')).mode & 0o777).toBe(0o600)
  })

  test('shows the phrases on a terminal, or where they are asked for', async () => {
    const { folder, flags } = place()
    const shown = await run('wallet create', [...flags, '--no-use-password'], { terminal: typist() })
    const keyfile = JSON.parse(readFileSync(join(folder, 'w', 'coldkey'), 'utf8')) as Record<string, string>
    expect(shown.out).toContain(`coldkey  ${keyfile.secretPhrase}`)
    const asked = await run('wallet create', [...flags, '--wallet.hotkey', 'two', '--show-mnemonic', '--json'])
    const [cold, hot] = asked.json().keys as { created: boolean; mnemonic?: string }[]
    expect(cold).toEqual({ kind: 'coldkey', file: join(folder, 'w', 'coldkey'), created: false })
    expect(hot!.mnemonic!.split(' ')).toHaveLength(12)
  })

  test('makes only what is missing and changes nothing else', async () => {
    const { folder, flags } = place()
    await run('wallet create', [...flags, '--no-password', '--words', '24'])
    const before = readFileSync(join(folder, 'w', 'coldkey'), 'utf8')
    expect((JSON.parse(before) as { secretPhrase: string }).secretPhrase.split(' ')).toHaveLength(24)
    const again = await run('wallet create', flags)
    expect(again.out).toContain('Nothing to do')
    expect(readFileSync(join(folder, 'w', 'coldkey'), 'utf8')).toBe(before)
  })

  test('leaves alone a wallet whose coldkey is on another machine', async () => {
    const { flags } = place()
    await run('wallet regen', ['coldkeypub', ...flags, '--address', address])
    const { keys } = (await run('wallet create', [...flags, '--json'])).json() as { keys: { created: boolean }[] }
    expect(keys.map(({ created }) => created)).toEqual([false, true])
  })

  test("shows the coldkey's phrase also where the hotkey cannot be made", async () => {
    const { folder, flags } = place()
    const asked = ['--no-password', '--show-mnemonic']
    await expect(run('wallet create', [...flags, ...asked, '--wallet.hotkey', 'a/b'])).rejects.toMatchObject({
      failure: { code: 'bad-name' },
    })
    expect(readdirSync(folder)).toEqual([])
    mkdirSync(join(folder, 'w'))
    writeFileSync(join(folder, 'w', 'hotkeys'), 'no folder')
    const printed: string[] = []
    await expect(run('wallet create', [...flags, ...asked], { print: (text) => printed.push(text) })).rejects.toThrow()
    const keyfile = JSON.parse(readFileSync(join(folder, 'w', 'coldkey'), 'utf8')) as Record<string, string>
    expect(printed.join('\n')).toContain(keyfile.secretPhrase)
  })

  test('on a pipe an encrypted coldkey needs its password beforehand', async () => {
    const { flags } = place()
    await expect(run('wallet create', flags)).rejects.toMatchObject({ failure: { code: 'locked' } })
    await expect(run('wallet create', [...flags, '--words', '13'])).rejects.toThrow('--words: 13 cannot be used')
  })
})

describe('wallet regen', () => {
  test('takes a phrase, a seed or a URI from standard input', async () => {
    const { flags } = place()
    const regen = async (hotkey: string, input: string): Promise<unknown> =>
      (await run('wallet regen', ['hotkey', ...flags, '--wallet.hotkey', hotkey, '--json'], { input })).json().address
    expect(await regen('a', `${phrase}\n`)).toBe(address)
    expect(await regen('b', '0xda3cf5b1e9144931a0f0db65664aab662673b099415a7f8121b7245fb0be4143\n')).toBe(address)
    expect(await regen('c', '//Alice\n')).toBe(aliceAddress)
    await expect(regen('d', '\n')).rejects.toThrow('standard input')
  })

  test('asks at a terminal without showing what is typed', async () => {
    const { flags } = place()
    const terminal = typist(phrase)
    const { out } = await run('wallet regen', ['coldkey', '--no-password', ...flags], { terminal })
    expect(out).toContain(address)
    expect(terminal.screen()).not.toContain('leopard')
  })

  test('replaces another key only when told to', async () => {
    const { flags } = place()
    const regen = (uri: string, ...more: string[]) =>
      run('wallet regen', ['coldkey', '--no-password', '--uri', uri, ...flags, ...more])
    await regen('//Alice')
    await expect(regen('//Bob')).rejects.toMatchObject({ failure: { code: 'exists' } })
    expect((await regen('//Bob', '--overwrite')).out).toContain('5FHneW46')
  })

  test('names what it cannot use', async () => {
    const { flags } = place()
    await expect(run('wallet regen', flags)).rejects.toThrow('KEY is missing')
    await expect(run('wallet regen', ['lukewarmkey', ...flags])).rejects.toThrow('lukewarmkey')
    const typed = run('wallet regen', ['hotkey', ...phrase.split(' '), ...flags])
    await expect(typed).rejects.toMatchObject({ failure: { field: 'KEY', value: 'hotkey and 12 more words' } })
    await expect(run('wallet regen', ['hotkey', ...flags, '--mnemonic', 'abandon'])).rejects.toMatchObject({
      failure: { code: 'bad-mnemonic' },
    })
    await expect(run('wallet regen', ['hotkey', ...flags, '--mnemonic', phrase, '--seed', '0x00'])).rejects.toThrow(
      'several',
    )
  })
})

test('wallet list shows what is there, and says so where nothing is', async () => {
  const { folder, flags } = place('alice')
  expect((await run('wallet list', ['--wallet.path', folder])).out).toContain('No wallets in')
  await run('wallet regen', ['coldkey', '--uri', '//Alice', '--no-password', ...flags])
  await run('wallet regen', ['coldkeypub', '--wallet.path', folder, '--wallet.name', 'watched', '--address', address])
  const { out } = await run('wallet list', ['--wallet.path', folder])
  expect(out).toMatch(new RegExp(`alice +coldkey +${aliceAddress} +not encrypted`))
  expect(out).toMatch(new RegExp(`watched +coldkey +${address} +public half only`))
  const { wallets } = (await run('wallet list', ['--wallet.path', folder, '--json'])).json() as {
    wallets: { name: string }[]
  }
  expect(wallets.map(({ name }) => name)).toEqual(['alice', 'watched'])
})

test('wallet sign signs flags and pipes alike, with either key', async () => {
  const { flags } = place()
  await run('wallet regen', ['coldkey', '--uri', '//Alice', '--no-password', ...flags])
  await run('wallet regen', ['hotkey', '--uri', '//Bob', ...flags])
  const byColdkey = await run('wallet sign', [...flags, '--message', 'hello'])
  expect(await verifyText(aliceAddress, 'hello', byColdkey.out.trim())).toBe(true)
  const byHotkey = (await run('wallet sign', [...flags, '--use-hotkey', '--json'], { input: 'hello\n' })).json()
  expect(byHotkey.message).toBe('hello')
  expect(await verifyText(byHotkey.address as string, 'hello', byHotkey.signature as string)).toBe(true)
  expect(await verifyText(aliceAddress, 'hello', byHotkey.signature as string)).toBe(false)
  await expect(run('wallet sign', flags)).rejects.toThrow('--message is missing')
})
