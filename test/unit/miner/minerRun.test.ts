import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveSettings } from '../../../src/base/config.ts'
import type { CommandIo } from '../../../src/cli/command.ts'
import { command } from '../../../src/cli/minerRun.ts'
import { createDevWallets } from '../../../src/wallet/devWallets.ts'

let wallets: string
beforeAll(async () => {
  wallets = await mkdtemp(join(tmpdir(), 'faculty-miner-run-'))
  await createDevWallets(wallets, [{ name: 'default', coldkeyUri: '//Dave', hotkeyUris: { default: '//Dave/hot' } }])
})
afterAll(() => rm(wallets, { recursive: true, force: true }))

async function run(...flags: string[]): Promise<number | undefined> {
  // Told to stop beforehand: a command that gets as far as waiting for a chain returns at once.
  const io: CommandIo = {
    print: () => undefined,
    note: () => undefined,
    isTerminal: false,
    stop: AbortSignal.abort(),
  }
  return await command.run(resolveSettings(command.settings, ['--wallet.path', wallets, ...flags], {}), io)
}

describe('faculty miner run', () => {
  it.each([
    ['--domain', []],
    ['domain', ['--domain', 'astrology']],
    ['--device', ['--domain', 'law', '--device', 'tpu']],
    ['--model', ['--domain', 'law', '--model', 'genius']],
    ['--upstream', ['--domain', 'law', '--upstream', 'localhost:8000']],
    ['--upstream', ['--domain', 'law', '--upstream.model', 'judge-7b']],
    ['--upstream', ['--domain', 'freeloader', '--upstream', 'http://127.0.0.1:9']],
    ['--device', ['--domain', 'law', '--upstream', 'http://127.0.0.1:9', '--upstream.model', 'x', '--device', 'cpu']],
    ['--upstream.model', ['--domain', 'law', '--upstream', 'http://127.0.0.1:9']],
    ['--axon.external_ip', ['--domain', 'freeloader', '--network', 'finney']],
    ['--axon.external_ip', ['--domain', 'freeloader', '--axon.external_ip', 'example.com']],
    ['--subtensor.network', ['--domain', 'freeloader', '--network', 'nowhere']],
    ['--transports', ['--domain', 'freeloader', '--transports', 'wss,carrier-pigeon']],
    ['--dialect.allow', ['--domain', 'freeloader', '--transports', 'http', '--dialect.allow', 'everything']],
    ['--dialect.allow', ['--domain', 'freeloader', '--dialect.allow', 'unsigned']],
  ])('names %s where that is wrong: %j', async (field, flags) => {
    await expect(run(...flags)).rejects.toMatchObject({ failure: { code: 'bad-input', field } })
  })

  it('names a wallet that is not there', async () => {
    await expect(run('--domain', 'freeloader', '--wallet.name', 'nobody')).rejects.toMatchObject({
      failure: { code: 'no-such-key' },
    })
  })

  it.each([
    [],
    ['--network', 'ws://[::1]:9'],
    ['--transports', 'wss, http', '--dialect.allow', 'unsigned,any-receiver'],
    ['--network', 'finney', '--axon.external_ip', '203.0.113.7'],
    ['--network', 'finney', '--axon.ip', '203.0.113.7'],
  ])('takes %j and ends with 0 when it is told to stop', async (...flags) => {
    expect(await run('--domain', 'freeloader', ...flags)).toBe(0)
  })
})
