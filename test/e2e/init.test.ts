import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getMetagraph } from '../../src/chain/getMetagraph.ts'
import { freePort } from '../../src/cli/up/freePort.ts'
import { loadMiner, loadValidator } from '../../src/domain/load.ts'
import { openMinerChain } from '../../src/miner/minerChain.ts'
import { startMiner } from '../../src/miner/startMiner.ts'
import { runValidator } from '../../src/validator/run.ts'
import type { MechanismReport } from '../../src/validator/sim/mechanismReport.ts'
import type { ValidatorStatus } from '../../src/validator/status.ts'
import { run } from '../unit/cli/runCommand.ts'
import { keptLog } from '../unit/miner/memoryChain.ts'
import { memoryLog } from '../unit/validator/scratch.ts'
import { hotkeyUri, signerOf, validatorWorld, type World } from './validatorWorld.ts'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))
let scratch: string
let folder: string

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A program in a process of its own, with nothing on its standard input. */
function runs(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
    child.stdin!.end()
  })
}

const faculty = (...args: string[]): Promise<Ended> => runs(process.execPath, [main, ...args], scratch)

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'faculty-init-'))
  folder = join(scratch, 'tax')
  expect(await faculty('init', 'tax')).toMatchObject({ code: 0, out: expect.stringContaining(`in ${folder}`) })
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('the new domain makes tasks, passes its own test and is simulated, with nothing installed and nothing missing', {
  timeout: 90_000,
}, async () => {
  const [tasks, own, sim] = await Promise.all([
    faculty('tasks', 'generate', '--domain', './tax', '--count', '3', '--jsonl'),
    runs('npm', ['test'], folder),
    faculty('sim', '--domain', './tax', '--epochs', '4', '--miners', '6', '--rounds', '3', '--json'),
  ])
  expect(tasks).toMatchObject({ code: 0 })
  const lines = tasks.out.trimEnd().split('\n')
  expect(lines).toHaveLength(3)
  expect(JSON.parse(lines[0]!)).toMatchObject({ domain: 'tax', family: 'invoice' })
  expect(own, own.out + own.err).toMatchObject({ code: 0, out: expect.stringMatching(/^# pass 3$/m) })
  expect(sim, sim.err).toMatchObject({ code: 0 })
  const report = JSON.parse(sim.out) as {
    domain: string
    notes: unknown
    groups: { role: string; group: string; incentive: number }[]
  }
  expect(report).toMatchObject({ domain: 'tax', notes: [] })
  expect(report.groups.find(({ role, group }) => role === 'miner' && group === 'honest')!.incentive).toBeGreaterThan(
    0.1,
  )
})

test('nothing is overwritten, and a bad name makes nothing', async () => {
  writeFileSync(join(scratch, 'mine'), 'mine')
  const init = (...args: string[]) => run('init', args)
  await expect(init(folder)).rejects.toThrow(`DIR: "${folder}" cannot be used`)
  await expect(init(join(scratch, 'mine'))).rejects.toMatchObject({ mend: expect.stringContaining('it is a file') })
  await expect(init(join(scratch, 'other'), '--domain', 'Tax law')).rejects.toThrow('--domain: "Tax law"')
  await expect(init(join(scratch, 'law'))).rejects.toMatchObject({ mend: expect.stringContaining('has it already') })
  await expect(init()).rejects.toThrow('DIR is missing')
  expect(readFileSync(join(scratch, 'mine'), 'utf8')).toBe('mine')
  expect(readdirSync(scratch).sort()).toEqual(['mine', 'tax'])
})

let world: World | undefined
afterAll(() => world?.close())

test('a miner and a validator of the new domain on a chain: it scores above 0, and the chain is a population', {
  timeout: 90_000,
}, async () => {
  world = await validatorWorld({ interval: '100ms', tempoBlocks: 20, miners: ['taxman'], validators: ['asker'] })
  const { netuid } = world
  const endpoints = [world.localnet.endpoint]
  const [signer, asker] = [await signerOf(hotkeyUri('taxman')), await signerOf(hotkeyUri('asker'))]
  const miner = await startMiner(
    {
      miner: await loadMiner(folder),
      devices: ['cpu'],
      netuid,
      hotkey: signer.address,
      axonKeyPath: join(scratch, 'axon.pem'),
      connect: () => openMinerChain({ endpoints, netuid, signer }),
      listen: { host: '127.0.0.1', port: 0 },
      announce: { host: '127.0.0.1' },
      log: keptLog().log,
    },
    new AbortController().signal,
  )
  const stop = new AbortController()
  const statusPort = await freePort(0, '--status.port')
  const running = runValidator({
    endpoints,
    netuid,
    signer: asker,
    validators: [await loadValidator(folder)],
    idle: false,
    rounds: {
      ...{ tasks: 4, pauseMs: 200, askTimeoutMs: 10_000, perMiner: 2, concurrency: 8, longestMs: 3_000 },
      ...{ groupSize: 4, covertShare: 0 },
    },
    databasePath: join(scratch, 'validator.db'),
    statusPort,
    log: memoryLog().log,
    stop: stop.signal,
  })
  try {
    const score = await scoreAbove0(statusPort, world.uids.get('taxman')!)
    expect(score).toBeGreaterThan(0)
    await incentiveOf(world, 'taxman')
    const sim = await run('sim', [
      ...['--netuid', String(netuid), '--subtensor.chain_endpoint', world.localnet.endpoint],
      ...['--domain', folder, '--epochs', '4', '--validators', 'copier', '--json'],
    ])
    const report = sim.json() as unknown as MechanismReport
    const rows = new Map(report.neurons.map((row) => [row.name, row]))
    // Who validates and who does not, as the chain has it; the only miner paid is taken for the best.
    expect(rows.get(asker.address)).toMatchObject({ role: 'validator', group: 'honest' })
    expect(rows.get(signer.address)).toMatchObject({ role: 'miner', skill: 0.95 })
    expect(rows.get('copier-1')).toMatchObject({ role: 'validator', group: 'copier' })
    expect(rows.get(signer.address)!.incentive).toBeGreaterThan(0.99)
    expect(report.notes.join()).toContain("the miners' skills are not known")
    expect(report.warnings.map(({ code }) => code)).toContain('one-takes-all')
  } finally {
    stop.abort()
    await running
    await miner!.stop()
  }
})

async function incentiveOf({ chain, netuid, uids }: World, name: string): Promise<number> {
  for (;;) {
    const { neurons } = await getMetagraph(chain, { netuid })
    const { incentive } = neurons[uids.get(name)!]!
    if (incentive > 0) return incentive
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function scoreAbove0(statusPort: number, uid: number): Promise<number> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${statusPort}/status`).catch(() => undefined)
    const status = (await response?.json()) as ValidatorStatus | undefined
    const score = status?.miners.find((one) => one.uid === uid)?.score
    if (score !== undefined && score > 0) return score
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
