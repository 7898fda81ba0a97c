import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ForkError } from '../../src/localnet/fork/forkError.ts'
import { freeBalance } from '../../src/localnet/pallets/balances.ts'
import { storage } from '../../src/localnet/pallets/subtensor/storage.ts'
import { nonceOf, storage as system } from '../../src/localnet/pallets/system.ts'
import { type Localnet, type LocalnetOptions, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { RpcClient } from '../unit/localnet/rpcClient.ts'
import { accountOf, alice, bob, signCall, transferOf } from '../unit/localnet/signedCall.ts'

// The source is a process of its own: a fork waits for it in the middle of a block, and cannot answer itself meanwhile.

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const cache = mkdtempSync(join(tmpdir(), 'localnet-fork-'))
let process_: ChildProcess
let endpoint: string
let source: RpcClient
let forkedAt: string
let fork: Localnet | undefined

beforeAll(async () => {
  const flags = ['localnet', '--port', '0', '--interval', 'manual', '--json']
  process_ = spawn(process.execPath, ['--import', 'tsx', main, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: process_.stdout! }), 'line')) as [string]
  ;({ endpoint } = JSON.parse(line) as { endpoint: string })
  source = await RpcClient.connect(endpoint)
  const set = (item: string, value: unknown) => ({ pallet: 'SubtensorModule', item, keys: [1], value })
  await source.call('localnet_setStorage', [
    [set('FirstEmissionBlockNumber', 1), set('SubtokenEnabled', true), set('CommitRevealWeightsEnabled', false)],
  ])
  await source.call('localnet_mine', [3])
  await source.call('localnet_registerNeurons', [1, 40, { stake: '1000000000000', balance: 5_000_000_000 }])
  await source.call('localnet_mine', [1])
  for (let uid = 1; uid <= 40; uid++)
    await source.call('localnet_forceWeights', [
      1,
      uid,
      [
        [2, 10],
        [3, 30],
      ],
    ])
  await source.call('localnet_mineToEpoch', [1])
  ;({ hash: forkedAt } = (await source.call('localnet_mineToEpoch', [1])) as { hash: string })
}, 60_000)

afterEach(async () => {
  await fork?.close()
  fork = undefined
})

afterAll(() => {
  source.close()
  process_.kill('SIGKILL')
  rmSync(cache, { recursive: true, force: true })
})

async function start(options: Partial<NonNullable<LocalnetOptions['fork']>> = {}): Promise<Localnet> {
  await fork?.close()
  fork = await startLocalnet({ port: 0, interval: 'manual', fork: { endpoint, cache, at: forkedAt, ...options } })
  return fork
}

test('a fork is the chain at that block: genesis, number, time, every key and value', async () => {
  const { node } = await start()
  expect(node.genesisHash).toBe(await source.call('chain_getBlockHash', [0]))
  expect(node.head.hash).toBe(forkedAt)
  const keys = (await source.call('state_getKeys', ['0x', forkedAt])) as string[]
  const [{ changes }] = (await source.call('state_queryStorageAt', [keys, forkedAt])) as [
    { changes: [string, string][] },
  ]
  expect(changes.length).toBeGreaterThan(500)
  for (const [key, value] of changes) {
    expect(`0x${Buffer.from(node.headState.getRaw(key)!).toString('hex')}`).toBe(value)
  }
  expect([...node.history.keys('0x')]).toEqual(keys)
})

test('its epoch runs as the source would run it, and another one after a change that stays local', async () => {
  const chain = await start()
  const { node } = chain
  const before = chain.snapshot()
  const first = await chain.mineToEpoch(1)
  const mined = (await source.call('localnet_mineToEpoch', [1])) as { number: number; hash: string }
  expect(first.number).toBe(mined.number)
  const same = ['Incentive', 'Dividends', 'Emission', 'Consensus', 'Bonds', 'TotalHotkeyAlpha'] as const
  for (const name of same) {
    const keys = (await source.call('state_getKeys', [storage[name].prefix, mined.hash])) as string[]
    const [{ changes }] = (await source.call('state_queryStorageAt', [keys, mined.hash])) as [
      { changes: [string, string][] },
    ]
    expect(changes.length).toBeGreaterThan(0)
    const own = changes.map(([key]) => [key, `0x${Buffer.from(node.headState.getRaw(key) ?? []).toString('hex')}`])
    expect(own).toEqual(changes)
  }
  const incentive = node.headState.get(storage.Incentive, 1)
  chain.revert(before)
  for (let uid = 1; uid <= 40; uid++) chain.forceWeights({ netuid: 1, uid, weights: [[5, 1]] })
  await chain.mineToEpoch(1)
  expect(node.headState.get(storage.Incentive, 1)[5]).toBe(65_535)
  expect(node.headState.get(storage.Incentive, 1)).not.toEqual(incentive)
  const [row] = (await source.call('state_queryStorageAt', [
    [((await source.call('state_getKeys', [storage.Incentive.prefix])) as string[])[0]],
  ])) as [{ changes: [string, string][] }]
  expect(row.changes[0]![1]).not.toContain('ffff00')
  node.submit(signCall(node, alice, transferOf(accountOf(bob), 1_000n)))
  await chain.mine()
  expect(nonceOf(node.headState, accountOf(alice))).toBe(1)
  expect(node.stateAt(node.head.header.number - 1).get(system.Account, accountOf(alice)).nonce).toBe(0)
})

test('without a block the newest finalised one is forked; what cannot be forked is refused', async () => {
  const { hash } = (await source.call('localnet_mine', [1])) as { hash: string }
  const { node } = await startLatest()
  expect(node.head.hash).toBe(hash)
  await expect(start({ at: `0x${'12'.repeat(32)}` })).rejects.toThrow('at: ')
  await expect(start({ at: 'latest' })).rejects.toThrow('at: "latest" cannot be used')
  await expect(start({ endpoint: 'localhost' })).rejects.toThrow('fork: "localhost" cannot be used')
  await expect(start({ endpoint: 'ws://127.0.0.1:1', at: `0x${'34'.repeat(32)}` })).rejects.toThrow(
    "the fork's source ws://127.0.0.1:1 does not answer",
  )
  const both = { port: 0, dataDir: cache, fork: { endpoint } }
  await expect(startLocalnet(both)).rejects.toThrow('data-dir: ')
})

async function startLatest(): Promise<Localnet> {
  fork = await startLocalnet({ port: 0, interval: 'manual', fork: { endpoint, cache } })
  return fork
}

test('when the source is gone, what was read is there and what was not is named', async () => {
  const other = mkdtempSync(join(tmpdir(), 'localnet-fork-'))
  try {
    let chain = await start({ cache: other })
    await chain.mineToEpoch(1)
    const alices = freeBalance(chain.node.headState, accountOf(alice))
    const ended = once(process_, 'exit')
    process_.kill('SIGKILL')
    await ended
    chain = await start({ cache: other })
    expect(chain.node.head.hash).toBe(forkedAt)
    await chain.mineToEpoch(1)
    expect(freeBalance(chain.node.headState, accountOf(alice))).toBe(alices)
    let failure: unknown
    try {
      chain.node.headState.get(system.Account, `0x${'99'.repeat(32)}`)
    } catch (error) {
      failure = (error as ForkError).failure
    }
    expect(failure).toEqual({ code: 'fork-source-silent', endpoint, method: 'state_queryStorageAt' })
    const client = await RpcClient.connect(chain.endpoint)
    await expect(client.call('system_accountNextIndex', [`0x${'98'.repeat(32)}`])).rejects.toThrow('does not answer')
    client.close()
  } finally {
    await fork?.close()
    fork = undefined
    rmSync(other, { recursive: true, force: true })
  }
})
