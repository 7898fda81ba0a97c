import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { accountOf, bob } from '../localnet/signedCall.ts'
import { run as runCommand } from './runCommand.ts'

let localnet: Localnet
const folder = mkdtempSync(join(tmpdir(), 'localnet-powers-'))

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
})

afterAll(async () => {
  await localnet.close()
  rmSync(folder, { recursive: true })
})

/** What the command prints, its last line break aside. */
async function run(command: string, ...words: string[]): Promise<string> {
  const { code, out } = await runCommand(`localnet ${command}`, [
    ...words,
    '--subtensor.chain_endpoint',
    localnet.endpoint,
  ])
  expect(code).toBe(0)
  return out.trimEnd()
}

const state = () => localnet.node.headState
const tao = 1_000_000_000n

test('blocks, time and snapshots', async () => {
  expect(await run('mine', '3')).toMatch(/^Block 3 \(0x[0-9a-f]{64}\)\.$/)
  expect(await run('snapshot')).toBe('Snapshot 1.')
  expect(await run('mine', '--epoch', '1')).toMatch(/^Block 100 /)
  expect(await run('revert', '1')).toMatch(/^Block 3 /)
  expect(await run('time', '2099-01-01T00:00:00Z')).toMatch(/^The next block is of 2099-01-01T00:00:00\.\d+Z\.$/)
  expect(await run('time', '+60')).toMatch(/^The next block is of 2099-01-01T00:01:00\.\d+Z\.$/)
  expect(await run('interval', 'manual')).toBe('Block interval manual.')
  const { code, json } = await runCommand('localnet mine', ['2', '--json', '--network', localnet.endpoint])
  expect([code, json()]).toEqual([0, { number: 5, hash: localnet.node.head.hash }])
})

test('money, stake, neurons, weights, hyperparameters and storage', async () => {
  const address = `0x${'61'.repeat(32)}` as const
  expect(await run('balance', address, '12.5')).toBe(`${address} has 12.5 TAO.`)
  expect(freeBalance(state(), address)).toBe((25n * tao) / 2n)
  expect(await run('faucet', address)).toMatch(/has τ1012\.5/)
  await run('stake', accountOf(bob), '40', '--netuid', '1', '--coldkey', bob.address)
  expect(stakeOf(state(), accountOf(bob), accountOf(bob), 1)).toBe(40n * tao)
  expect(await run('register', '3', '--netuid', '1', '--stake', '5')).toBe(
    'Registered uids 1 to 3, //neuron//1//1 to //neuron//1//3.',
  )
  await run('weights', '1', '[[2, 1], [3, 2]]', '--netuid', '1')
  expect(state().get(storage.Weights, 1, 1)).toEqual([
    [2, 32_768],
    [3, 65_535],
  ])
  await run('set', 'tempo', '21', '--netuid', '1')
  await run('set', 'stake_threshold', '77')
  expect([state().get(storage.Tempo, 1), state().get(storage.StakeThreshold)]).toEqual([21, 77n])
  await run('storage', 'SubtensorModule.SubnetOwner', bob.address, '--keys', '[1]')
  expect(state().get(storage.SubnetOwner, 1)).toBe(accountOf(bob))
  await run('storage', '0xabcd', '0x0102')
  expect(state().getRaw('0xabcd')).toEqual(Buffer.from([1, 2]))
  await run('impersonate', bob.address)
  await run('impersonate', bob.address, '--stop')
  await run('fail', 'SubtensorModule.SubnetNotExists')
})

test.each(['chain.json', 'chain.json.gz'])('a chain in %s', async (name) => {
  const file = join(folder, name)
  await run('dump', file)
  const before = localnet.node.head.hash
  await run('mine')
  expect(await run('load', file)).toMatch(new RegExp(`${before}`))
  expect(localnet.node.head.hash).toBe(before)
})

test('a recorded run', async () => {
  const file = join(folder, 'run.json.gz')
  expect(await run('record', 'start')).toMatch(/^Recording from Block \d+/)
  await run('mine', '4')
  expect(await run('record', 'stop', file)).toMatch(/^Wrote \d+ entries to /)
  const { code, out } = await runCommand('localnet replay', [file])
  expect(code).toBe(0)
  // On a slow machine a pulse of the beacon falls into it.
  expect(out).toMatch(/^The same state after 4 blocks with \d+ extrinsics?: 0x/)
})

test('files are written with --json too, and where they cannot be, nothing is lost', async () => {
  const [chain, recorded] = [join(folder, 'programs.json'), join(folder, 'programs-run.json')]
  const dumped = JSON.parse(await run('dump', chain, '--json')) as unknown
  expect(JSON.parse(readFileSync(chain, 'utf8'))).toEqual(dumped)
  await run('record', 'start')
  await run('mine', '2')
  await expect(run('record', 'stop', join(folder, 'none', 'x'))).rejects.toThrow('FILE: ')
  await expect(run('record', 'stop', folder)).rejects.toThrow('FILE: ')
  const { entries } = JSON.parse(await run('record', 'stop', recorded, '--json')) as { entries: unknown[] }
  expect(entries.length).toBeGreaterThan(0)
  expect(JSON.parse(readFileSync(recorded, 'utf8'))).toMatchObject({ entries })
})

test('what cannot be is said in plain words', async () => {
  await expect(run('revert', '99')).rejects.toThrow('Invalid params: snapshot: 99')
  await expect(run('revert')).rejects.toThrow('SNAPSHOT is missing')
  await expect(run('mine', '1', '2')).rejects.toThrow('argument: "2" cannot be used')
  await expect(run('mine', '1', '--epoch', '1')).rejects.toThrow('BLOCKS: "1" cannot be used')
  await expect(run('connections', 'stop', '1')).rejects.toThrow('pause|drop: "stop" cannot be used')
  await expect(run('time', 'later')).rejects.toThrow('DATE: "later" cannot be used')
  await expect(run('dump', join(folder, 'none', 'x'))).rejects.toThrow('FILE: ')
  await expect(runCommand('localnet mine', ['--network', 'ws://127.0.0.1:1'])).rejects.toThrow('no localnet answers')
  const website = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1')
  try {
    await once(website, 'listening')
    const endpoint = `ws://127.0.0.1:${(website.address() as AddressInfo).port}`
    await expect(runCommand('localnet mine', ['--network', endpoint])).rejects.toThrow('no localnet answers')
  } finally {
    website.close()
  }
})
