import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatTokens } from '../../../src/base/units.ts'
import { commands } from '../../../src/cli/commands.ts'
import { confirm } from '../../../src/cli/confirm.ts'
import { chainAddress } from '../../../src/cli/openChain.ts'
import { isGroup, nearestCommand, overview } from '../../../src/cli/overview.ts'
import { tokens } from '../../../src/cli/settings.ts'
import { table } from '../../../src/cli/table.ts'
import { run, typist } from './runCommand.ts'

describe('what can be called', () => {
  test('the overview has every command with a line on it', async () => {
    const text = await overview(commands)
    for (const path of Object.keys(commands)) expect(text).toMatch(new RegExp(`^  faculty ${path} +[A-Z].*\\.$`, 'm'))
  })

  test('a group shows its own commands only', async () => {
    const text = await overview(commands, ['wallet'])
    expect(text.match(/^ {2}faculty .*/gm)!.length).toBe(6)
    expect(text).not.toContain('faculty subnet')
    expect([isGroup(commands, ['wallet']), isGroup(commands, ['walle']), isGroup(commands, [])]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('a slip of the finger is understood, nonsense is not', () => {
    expect(nearestCommand(commands, ['walet', 'list'])).toBe('wallet list')
    expect(nearestCommand(commands, ['wallet', 'lst'])).toBe('wallet list')
    expect(nearestCommand(commands, ['subnte'])).toBe('subnet')
    expect(nearestCommand(commands, ['photosynthesis'])).toBe(undefined)
  })

  test('listing commands loads none of the slow packages', () => {
    const slow = ['@polkadot/api', 'onnxruntime-node', '@huggingface/tokenizers', 'libsql', 'libsodium-wrappers-sumo']
    const folder = 'src/cli'
    const loaded = new Map<string, string>()
    const visit = (file: string, from: string): void => {
      if (loaded.has(file)) return
      loaded.set(file, from)
      const source = readFileSync(file, 'utf8')
      for (const [, specifier] of source.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)'/gms)) {
        if (specifier!.startsWith('.')) visit(join(dirname(file), specifier!), file)
        else loaded.set(specifier!, file)
      }
    }
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))
    for (const name of files) visit(join(folder, name), 'faculty')
    expect(loaded.size).toBeGreaterThan(files.length)
    const found = slow
      .filter((name) => loaded.has(name))
      .map((name) => {
        const way: string[] = [name]
        while (loaded.has(way[0]!)) way.unshift(loaded.get(way[0]!)!)
        return way.join(' > ')
      })
    expect(found).toEqual([])
  })
})

test('a flag or value that cannot be used is named before anything else happens', async () => {
  await expect(run('wallet list', ['--wallet.pth', '/tmp'])).rejects.toMatchObject({
    failure: { code: 'bad-input', field: 'flag', value: '--wallet.pth' },
    mend: expect.stringContaining('did you mean --wallet.path?'),
  })
  await expect(run('stake add', ['--netuid', 'two'])).rejects.toThrow('--netuid: "two" cannot be used')
  await expect(run('stake add', ['--netuid', '70000'])).rejects.toThrow('--netuid: "70000" cannot be used')
  await expect(run('stake add', ['--netuid', '1', '--amount', 'lots'])).rejects.toThrow('--amount: "lots"')
  await expect(run('wallet transfer', ['--to', '5Fake'])).rejects.toThrow('--to: "5Fake" cannot be used')
  await expect(run('ask', ['x', '--domain', 'law', '--receipt', '/nowhere/r.json'])).rejects.toThrow('--receipt: ')
  await expect(run('model eval', ['miners/law', 'miners/finance'])).rejects.toThrow('FOLDER: "miners/finance"')
  await expect(run('model quantize', ['/nowhere', 'x'])).rejects.toThrow('FOLDER: "x"')
  const { out } = await run('tasks generate', ['--domain', 'law', '--count', '2', '--families', 'hearsay, deadline'])
  expect(out).toMatch(/^hearsay\n[\s\S]*^deadline\n/m)
})

describe('which chain', () => {
  const place = (network: string, endpoint?: string) =>
    chainAddress({ 'subtensor.network': network, 'subtensor.chain_endpoint': endpoint })

  test('a network by name, with its genesis where that is known', () => {
    expect(place('local')).toEqual({ endpoints: ['ws://127.0.0.1:9944'] })
    expect(place('finney').genesisHash).toMatch(/^0x2f0555cc/)
    expect(place('test').endpoints[0]).toMatch(/^wss:/)
  })

  test('addresses, several of them in turn; the endpoint wins over the network', () => {
    expect(place('ws://a:1')).toEqual({ endpoints: ['ws://a:1'] })
    expect(place('finney', 'ws://a:1, wss://b')).toEqual({ endpoints: ['ws://a:1', 'wss://b'] })
  })

  test('anything else is named', () => {
    expect(() => place('mainnet')).toThrow('--subtensor.network: "mainnet" cannot be used')
    expect(() => place('local', 'http://a')).toThrow('--subtensor.chain_endpoint: "http://a" cannot be used')
    expect(() => place('local', 'ws://a:1,')).toThrow('--subtensor.chain_endpoint: "" cannot be used')
  })
})

describe('before money moves', () => {
  const io = (terminal?: ReturnType<typeof typist>) => ({
    print: () => undefined,
    note: () => undefined,
    isTerminal: false,
    terminal,
    stop: new AbortController().signal,
  })

  test.each([
    ['y', true],
    ['Yes', true],
    ['', false],
    ['n', false],
    ['yesterday', false],
  ])('the answer %j means %s', async (answer, agreed) => {
    expect(await confirm('Send it all.', { yes: false }, io(typist(answer)))).toBe(agreed)
  })

  test('on a pipe --yes is required, and with it nobody is asked', async () => {
    await expect(confirm('Send it all.', { yes: false }, io())).rejects.toThrow('--yes is missing')
    const terminal = typist()
    expect(await confirm('Send it all.', { yes: true }, io(terminal))).toBe(true)
    expect(terminal.screen()).toBe('')
  })
})

test('config show says where each value comes from', async () => {
  const env = { BT_WALLET_NAME: 'from-env' }
  const { json } = await run('config show', ['subnet', 'register', '--netuid', '7', '--json'], { env })
  const { settings } = json() as { settings: { name: string; value: unknown; source: string }[] }
  const of = (name: string) => settings.find((one) => one.name === name)
  expect(of('netuid')).toMatchObject({ value: 7, source: 'flag' })
  expect(of('wallet.name')).toMatchObject({ value: 'from-env', source: 'environment' })
  expect(of('wallet.hotkey')).toMatchObject({ value: 'default', source: 'default' })
  const secret = await run('config show', ['wallet', 'regen', '--mnemonic', 'one two three'])
  expect(secret.out).toMatch(/mnemonic +\(secret\) +flag/)
  expect(secret.out).not.toContain('two')
  expect((await run('config show', [])).out).toMatch(/axon\.port +8091 +default/)
  await expect(run('config show', ['miner', 'walk'])).rejects.toThrow('"miner walk" cannot be used')
})

test('amounts that people type and read agree', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (amount) => {
      expect(tokens.parse(formatTokens(amount, ''))).toBe(amount)
    }),
  )
  for (const text of ['1e3', '-1', '', '1.0000000001', ' 1', '1,5', 'τ1', '99999999999']) {
    expect(tokens.safeParse(text).success).toBe(false)
  }
})

test('a table aligns its columns, numbers to the right', () => {
  expect(
    table(
      ['NAME', 'STAKE'],
      [
        ['a', 'α1.5'],
        ['bcd', 'α10.5'],
      ],
    ),
  ).toBe('NAME  STAKE\n────  ─────\na      α1.5\nbcd   α10.5')
  expect(table(['NAME'], [])).toBe('NAME\n────')
})
