import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { getEpochState } from '../../src/chain/epochClock.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import type { ValidatorStatus } from '../../src/validator/status.ts'
import { createDevWallets } from '../../src/wallet/devWallets.ts'
import type { Line } from '../unit/validator/scratch.ts'
import { sumOf } from '../unit/validator/sums.ts'
import { coldkeyUri, hotkeyUri, validatorWorld, type World } from './validatorWorld.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
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

interface Program {
  readonly child: ChildProcess
  readonly lines: Line[]
  /** Resolves with the first line that says so. @throws where the process ends before */
  line(message: string): Promise<Line>
}

/** `faculty validator run` as a process of its own. */
function startProgram(): Program {
  const flags = {
    netuid: String(world.netuid),
    'subtensor.chain_endpoint': world.localnet.endpoint,
    'wallet.path': folder,
    'wallet.name': 'first',
    domains: join(root, 'test/e2e/sums'),
    db: join(folder, 'first.db'),
    'round.tasks': '2',
    'status.port': String(statusPort),
  }
  const argv = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  const main = join(root, 'src/cli/main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'validator', 'run', ...argv, '--logging.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  const waiting = new Map<string, (line: Line) => void>()
  let fail: (error: Error) => void = () => undefined
  createInterface(child.stderr!).on('line', (text) => {
    // What is no log line is Node's or the command's own complaint.
    const line = (text.startsWith('{') ? JSON.parse(text) : { level: 60, msg: text }) as Line
    lines.push(line)
    for (const [message, resolve] of waiting) if (line.msg.includes(message)) resolve(line)
  })
  child.on('exit', (code, signal) =>
    fail(new Error(`it ended with ${code ?? signal}: ${lines.map(({ msg }) => msg).join('; ')}`)),
  )
  return {
    child,
    lines,
    line: (message) =>
      new Promise<Line>((resolve, reject) => {
        const said = lines.find(({ msg }) => msg.includes(message))
        if (said !== undefined) resolve(said)
        waiting.set(message, resolve)
        fail = reject
      }),
  }
}

async function kill({ child }: Program): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function status(): Promise<ValidatorStatus> {
  return (await (await fetch(`http://127.0.0.1:${statusPort}/status`)).json()) as ValidatorStatus
}

const epochIndex = async (): Promise<number> => (await getEpochState(world.chain, { netuid: world.netuid })).epochIndex

test('a validator killed with -9 after a commit reveals it when it is back in time, else says that it is lost', {
  timeout: 120_000,
}, async () => {
  const { localnet, serve } = world
  await serve('right', (question) => sumOf(question))

  const first = startProgram()
  const commit = await first.line('weights committed')
  // The chain waits while nobody validates, so that a slow machine does not decide the outcome.
  localnet.node.setInterval(standing)
  const before = await status()
  await kill(first)

  const second = startProgram()
  await second.line('validator runs')
  const after = await status()
  expect(after.answers.scored).toBeGreaterThanOrEqual(before.answers.scored)
  expect(after.miners[0]!.score).toBeGreaterThan(0.9)
  localnet.node.setInterval(running)
  expect(await second.line('weights revealed')).toMatchObject({ epoch: commit.epoch })

  const next = await second.line('weights committed')
  expect(next.epoch).toBeGreaterThan(commit.epoch as number)
  localnet.node.setInterval(standing)
  await kill(second)
  while ((await epochIndex()) < (next.epoch as number) + 2) await localnet.node.mine(10)

  const third = startProgram()
  await third.line('validator runs')
  localnet.node.setInterval(running)
  expect(await third.line('a weights commit is lost')).toMatchObject({ level: 40, epoch: next.epoch })
  const last = await third.line('weights revealed')
  expect(last.epoch).toBeGreaterThan(next.epoch as number)
  expect(third.lines.filter(({ msg }) => msg.includes('is lost'))).toHaveLength(1)
  expect((await status()).weightsSet).toBe(2)

  third.child.kill('SIGTERM')
  const [code] = (await once(third.child, 'exit')) as [number | null]
  expect(code).toBe(0)
})
