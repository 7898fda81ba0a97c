import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getEpochState } from '../../src/chain/epochClock.ts'
import { getMetagraph, type Metagraph } from '../../src/chain/getMetagraph.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import { runValidator } from '../../src/validator/run.ts'
import type { ValidatorStatus } from '../../src/validator/status.ts'
import { type Line, memoryLog } from '../unit/validator/scratch.ts'
import { sumOf, sums } from '../unit/validator/sums.ts'
import { hotkeyUri, signerOf, validatorWorld, type World } from './validatorWorld.ts'

const settings = { tasks: 4, pauseMs: 200, askTimeoutMs: 10_000, perMiner: 2, concurrency: 8, longestMs: 3_000 }

let world: World
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faculty-validator-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  world = await validatorWorld({
    interval: '100ms',
    tempoBlocks: 20,
    miners: ['right', 'wrong'],
    validators: ['first', 'second', 'idle'],
  })
})

interface Running {
  readonly lines: Line[]
  readonly status: () => Promise<ValidatorStatus>
  /** @returns how long it took */
  stop(): Promise<number>
}

async function start(name: string, statusPort: number): Promise<Running> {
  const { log, lines } = memoryLog()
  const stop = new AbortController()
  const run = runValidator({
    endpoints: [world.localnet.endpoint],
    netuid: world.netuid,
    signer: await signerOf(hotkeyUri(name)),
    validators: [sums('sums')],
    idle: name === 'idle',
    rounds: settings,
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

async function metagraphWhen(holds: (metagraph: Metagraph) => boolean): Promise<Metagraph> {
  for (;;) {
    const metagraph = await getMetagraph(world.chain, { netuid: world.netuid })
    if (holds(metagraph)) return metagraph
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test('validators ask, score, commit and reveal; the miner that is right earns, the other does not', {
  timeout: 90_000,
}, async () => {
  const { uids, serve } = world
  const [right, wrong, idleUid] = ['right', 'wrong', 'idle'].map((name) => uids.get(name)!) as [number, number, number]
  await serve('right', (question) => sumOf(question))
  let turn = 0
  await serve('wrong', (question) => (turn++ % 3 === 0 ? sumOf(question) : 'no idea'))
  const ports = await Promise.all([0, 0, 0].map((any) => freePort(any, '--status.port')))
  const validators = await Promise.all(['first', 'second', 'idle'].map((name, i) => start(name, ports[i]!)))

  const { neurons } = await metagraphWhen(
    (metagraph) => metagraph.neurons[right]!.incentive > 0 && metagraph.neurons[uids.get('second')!]!.dividends > 0,
  )
  expect(neurons[right]!.incentive).toBeGreaterThan(3 * neurons[wrong]!.incentive)
  expect(neurons[idleUid]!.incentive).toBe(0)

  const [first, , idle] = await Promise.all(validators.map(({ status }) => status()))
  expect(first).toMatchObject({ role: 'validator', uid: uids.get('first'), idle: false })
  expect(first!.answers.scored).toBeGreaterThan(10)
  expect(first!.answers.sent).toBe(first!.answers.scored + first!.answers.failed + first!.inFlight)
  expect(first!.weightsSet).toBeGreaterThan(0)
  const scores = new Map(first!.miners.map((miner) => [miner.uid, miner]))
  expect(scores.get(right)).toMatchObject({ domains: ['sums'], score: 1 })
  // A third right, a quarter of it by luck.
  expect(scores.get(wrong)!.score).toBeLessThan(0.5)
  expect(idle).toMatchObject({ idle: true, answers: { sent: 0, scored: 0, failed: 0 } })
  expect(idle!.weightsSet).toBeGreaterThan(0)

  const { epochIndex } = await getEpochState(world.chain, { netuid: world.netuid })
  for (const { lines, stop } of validators) {
    expect(await stop()).toBeLessThan(5_000)
    const commits = lines.filter(({ msg }) => msg === 'weights committed').map(({ epoch }) => epoch)
    expect(new Set(commits).size).toBe(commits.length)
    expect(commits.length).toBeLessThanOrEqual(epochIndex + 1)
    expect(lines.filter(({ level }) => level >= 50)).toEqual([])
  }
})
