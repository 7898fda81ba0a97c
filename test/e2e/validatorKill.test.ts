import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getEpochState } from '../../src/chain/epochClock.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import { sumOf } from '../unit/validator/sums.ts'
import { killOften } from './killOften.ts'
import { type Program, startProgram } from './validatorProgram.ts'
import { coldkeyUri, hotkeyUri, validatorWorld, type World } from './validatorWorld.ts'

const running = { kind: 'every', ms: 100 } as const
const standing = { kind: 'manual' } as const

let world: World
let folder: string
let statusPort: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faculty-validator-'))
  world = await validatorWorld({ interval: '100ms', tempoBlocks: 20, miners: ['right'], validators: ['first'] })
  await createDevWallets(folder, [
    { name: 'first', coldkeyUri: coldkeyUri('first'), hotkeyUris: { default: hotkeyUri('first') } },
  ])
  statusPort = await freePort(0, '--status.port')
})

afterAll(async () => {
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = (flags: Readonly<Record<string, string>> = {}): Program =>
  startProgram({ netuid: world.netuid, endpoint: world.localnet.endpoint, folder, statusPort, flags })

const epochIndex = async (): Promise<number> => (await getEpochState(world.chain, { netuid: world.netuid })).epochIndex

test('a validator killed with -9 after a commit reveals it when it is back in time, else says that it is lost', {
  timeout: 120_000,
}, async () => {
  const { localnet, serve } = world
  await serve('right', (question) => sumOf(question))

  const first = start()
  const commit = await first.line('weights committed')
  // The chain waits while nobody validates, so that a slow machine does not decide the outcome.
  localnet.node.setInterval(standing)
  const before = await first.status()
  await first.kill()

  const second = start()
  await second.line('validator runs')
  const after = await second.status()
  expect(after.answers.scored).toBeGreaterThanOrEqual(before.answers.scored)
  expect(after.miners[0]!.score).toBeGreaterThan(0.9)
  localnet.node.setInterval(running)
  expect(await second.line('weights revealed')).toMatchObject({ epoch: commit.epoch })

  const next = await second.line('weights committed')
  expect(next.epoch).toBeGreaterThan(commit.epoch as number)
  localnet.node.setInterval(standing)
  await second.kill()
  while ((await epochIndex()) < (next.epoch as number) + 2) await localnet.node.mine(10)

  const third = start()
  await third.line('validator runs')
  localnet.node.setInterval(running)
  expect(await third.line('a weights commit is lost')).toMatchObject({ level: 40, epoch: next.epoch })
  const last = await third.line('weights revealed')
  expect(last.epoch).toBeGreaterThan(next.epoch as number)
  expect(third.lines.filter(({ msg }) => msg.includes('is lost'))).toHaveLength(1)
  expect((await third.status()).weightsSet).toBe(2)

  third.child.kill('SIGTERM')
  const [code] = (await once(third.child, 'exit')) as [number | null]
  expect(code).toBe(0)
})

test('a validator that follows no block any more ends with 3, which systemd starts anew', async () => {
  world.localnet.node.setInterval(standing)
  const hung = start({ 'watchdog.ms': '1000' })
  const exit = once(hung.child, 'exit')
  expect(await hung.line('no block was followed')).toMatchObject({ level: 60, alarm: 'stalled' })
  expect(await exit).toEqual([3, null])
})

test('killed at 5 random moments: no score lost beyond the round in flight, no reveal missed, no weights twice', {
  timeout: 180_000,
}, async () => {
  const report = await killOften({ moments: 5, seed: 'short' })
  expect(report).toMatchObject({ kills: 5, faults: [] })
})
