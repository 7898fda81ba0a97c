import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { getEpochState } from '../../src/chain/epochClock.ts'
import { getMetagraph, type Metagraph } from '../../src/chain/getMetagraph.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import type { Signer } from '../../src/keys/signer.ts'
import { startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { runValidator, type ValidatorOptions } from '../../src/validator/run.ts'
import type { ValidatorStatus } from '../../src/validator/status.ts'
import { type Line, memoryLog } from '../unit/validator/scratch.ts'
import { sumOf, sums } from '../unit/validator/sums.ts'
import { startTcpProxy } from './tcpProxy.ts'
import { hotkeyUri, signerOf, validatorWorld, type World } from './validatorWorld.ts'

const settings = {
  tasks: 4,
  pauseMs: 200,
  askTimeoutMs: 10_000,
  perMiner: 2,
  concurrency: 8,
  longestMs: 3_000,
  groupSize: 4,
  covertShare: 0,
}

let world: World
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faculty-validator-'))
  world = await validatorWorld({
    interval: '100ms',
    tempoBlocks: 20,
    miners: ['right', 'wrong'],
    validators: ['first', 'second', 'idle'],
  })
})

afterAll(async () => {
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

function optionsOf(signer: Signer): Omit<ValidatorOptions, 'endpoints' | 'netuid' | 'log' | 'stop'> {
  return { signer, validators: [sums('sums')], idle: false, rounds: settings, databasePath: join(folder, 'other.db') }
}

interface Running {
  readonly lines: Line[]
  readonly status: () => Promise<ValidatorStatus>
  /** @returns how long it took */
  stop(): Promise<number>
}

async function start(name: string, statusPort: number, endpoint: string): Promise<Running> {
  const { log, lines } = memoryLog()
  const stop = new AbortController()
  const run = runValidator({
    endpoints: [endpoint],
    netuid: world.netuid,
    ...optionsOf(await signerOf(hotkeyUri(name))),
    idle: name === 'idle',
    databasePath: join(folder, `${name}.db`),
    statusPort,
    log,
    stop: stop.signal,
  })
  return {
    lines,
    status: async () => {
      const response = await fetch(`http://127.0.0.1:${statusPort}/status`)
      return (await response.json()) as ValidatorStatus
    },
    async stop() {
      const beganAtMs = performance.now()
      stop.abort()
      await run
      return performance.now() - beganAtMs
    },
  }
}

async function metagraphWhen(holds: (metagraph: Metagraph) => boolean | Promise<boolean>): Promise<Metagraph> {
  for (;;) {
    const metagraph = await getMetagraph(world.chain, { netuid: world.netuid })
    if (await holds(metagraph)) return metagraph
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test('validators ask, score, commit and reveal, also after the chain was lost; the miner that is right earns most', {
  timeout: 90_000,
}, async () => {
  const { uids, serve } = world
  const [right, wrong, idleUid] = ['right', 'wrong', 'idle'].map((name) => uids.get(name)!) as [number, number, number]
  await serve('right', (question) => sumOf(question))
  let turn = 0
  await serve('wrong', (question) => (turn++ % 3 === 0 ? sumOf(question) : 'no idea'))
  const proxy = await startTcpProxy(world.localnet.port)
  onTestFinished(() => proxy.close())
  const ports = await Promise.all([0, 0, 0].map((any) => freePort(any, '--status.port')))
  const validators = await Promise.all(
    ['first', 'second', 'idle'].map((name, i) => start(name, ports[i]!, proxy.endpoint)),
  )

  const allSet = async (): Promise<boolean> => {
    const now = await Promise.all(validators.map(({ status }) => status()))
    return now.every(({ weightsSet }) => weightsSet > 0)
  }
  const { neurons } = await metagraphWhen(
    async (metagraph) =>
      metagraph.neurons[right]!.incentive > 0 &&
      metagraph.neurons[uids.get('second')!]!.dividends > 0 &&
      (await allSet()),
  )
  expect(neurons[right]!.incentive).toBeGreaterThan(3 * neurons[wrong]!.incentive)
  expect(neurons[idleUid]!.incentive).toBe(0)

  const [first, , idle] = await Promise.all(validators.map(({ status }) => status()))
  expect(first).toMatchObject({ role: 'validator', uid: uids.get('first'), idle: false })
  expect(first!.answers.scored).toBeGreaterThan(10)
  expect(first!.answers.sent).toBe(first!.answers.scored + first!.answers.failed + first!.inFlight)
  expect(first!.weightsSet).toBeGreaterThan(0)
  const page = async (path: string) => (await fetch(`http://127.0.0.1:${ports[0]}${path}`)).text()
  expect(JSON.parse(await page('/healthz'))).toEqual({ ok: true })
  expect(JSON.parse(await page(`/scores?uid=${right}`))).toMatchObject({ uid: right, domains: ['sums'], members: [] })
  const figures = await page('/metrics')
  expect(figures).toMatch(/^faculty_validator_weights_total\{event="revealed"\} [1-9]\d*$/m)
  expect(figures).toMatch(/^faculty_validator_asks_total\{domain="sums",outcome="scored"\} [1-9]\d*$/m)
  expect(figures).toMatch(/^faculty_validator_permit 1$/m)
  expect(figures).toMatch(/^faculty_validator_chain_lag_seconds \d/m)
  const scores = new Map(first!.miners.map((miner) => [miner.uid, miner]))
  expect(scores.get(right)).toMatchObject({ domains: ['sums'] })
  // All right, without saying how sure it is.
  expect(scores.get(right)!.score).toBeGreaterThan(0.9)
  // A third right, a quarter of it by luck.
  expect(scores.get(wrong)!.score).toBeLessThan(0.5)
  expect(idle).toMatchObject({ idle: true, answers: { sent: 0, scored: 0, failed: 0 } })
  expect(idle!.weightsSet).toBeGreaterThan(0)

  proxy.cut()
  const atTheCut = await Promise.all(validators.map(({ status }) => status()))
  await metagraphWhen(async () => {
    const now = await Promise.all(validators.map(({ status }) => status()))
    return now.every(({ weightsSet, idle, answers }, i) => {
      const { weightsSet: setBefore, answers: before } = atTheCut[i]!
      return weightsSet > setBefore + 1 && (idle || answers.scored > before.scored)
    })
  })

  const { epochIndex } = await getEpochState(world.chain, { netuid: world.netuid })
  for (const { lines, stop } of validators) {
    expect(await stop()).toBeLessThan(5_000)
    const commits = lines.filter(({ msg }) => msg === 'weights committed').map(({ epoch }) => epoch)
    expect(new Set(commits).size).toBe(commits.length)
    expect(commits.length).toBeLessThanOrEqual(epochIndex + 1)
    // On a slow machine the cut may have cost a reveal, which is told.
    expect(lines.filter(({ level, alarm }) => level >= 50 && alarm === undefined)).toEqual([])
  }
})

test('a validator that follows no block any more ends, to be started anew', async () => {
  const { log } = memoryLog()
  const stop = new AbortController()
  const signer = await signerOf(hotkeyUri('first'))
  const run = runValidator({
    ...optionsOf(signer),
    endpoints: [world.localnet.endpoint],
    netuid: world.netuid,
    databasePath: join(folder, 'stalled.db'),
    watchdogMs: 1_500,
    log,
    stop: stop.signal,
  })
  const ended = expect(run).rejects.toMatchObject({ failure: { code: 'stalled' } })
  world.localnet.node.setInterval({ kind: 'manual' })
  await ended
  world.localnet.node.setInterval({ kind: 'every', ms: 100 })
})

test('a validator waits for its chain, and stops at once while it waits', async () => {
  const port = await freePort(0, '--port')
  const { log, lines } = memoryLog()
  const stop = new AbortController()
  const options = { endpoints: [`ws://127.0.0.1:${port}`], netuid: 9, log, ...optionsOf(await signerOf('//Bob')) }
  const stopped = runValidator({ ...options, stop: stop.signal })
  const waiting = runValidator({ ...options, stop: new AbortController().signal })
  // Both say so, each once.
  while (lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort()
  await stopped
  const localnet = await startLocalnet({ port, interval: 'manual' })
  onTestFinished(() => localnet.close())
  await expect(waiting).rejects.toThrow('subnet 9 does not exist')
  expect(lines).toHaveLength(2)
  expect(lines[0]!.msg).toContain('trying again')
})

test('a hotkey without a uid is told to register', async () => {
  const { log } = memoryLog()
  const run = runValidator({
    endpoints: [world.localnet.endpoint],
    netuid: world.netuid,
    ...optionsOf(await signerOf('//Nobody')),
    log,
    stop: new AbortController().signal,
  })
  await expect(run).rejects.toMatchObject({
    failure: { code: 'not-registered' },
    mend: `faculty subnet register --netuid ${world.netuid}`,
  })
})
