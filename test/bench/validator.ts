import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BenchCase, type BenchResult, median } from './harness.ts'
import { rememberMiners } from './rememberMiners.ts'
import type { BenchMiner } from './validatorMiners.ts'
import type { RoundsMeasured, RoundsOrder } from './validatorRounds.ts'

const count = 256
const answerMs = 100
const rounds = 20
const targets = { wall: 1.5, residentMiB: 300 }

const shapes = [
  { name: 'one question a miner', tasks: 1, perMiner: 1, waves: 1 },
  { name: 'six questions a miner, two at a time', tasks: 6, perMiner: 2, waves: 3 },
] as const

/** Rounds over real axons in a process of their own; the bound is the time that a miner takes for its answers. */
export async function bench(): Promise<BenchResult> {
  const miners = start('./validatorMiners.ts', [String(count), String(answerMs)])
  try {
    const found = await message<BenchMiner[]>(miners)
    const folder = mkdtempSync(join(tmpdir(), 'faculty-bench-'))
    const path = join(folder, 'scores.db')
    const cases: BenchCase[] = []
    for (const { name, tasks, perMiner, waves } of shapes) {
      rmSync(path, { force: true })
      await rememberMiners(path, found)
      const measured = await inValidator({ path, miners: found, tasks, perMiner, rounds })
      cases.push(...casesOf(name, waves * answerMs, measured))
    }
    rmSync(folder, { recursive: true })
    return { name: 'validator', cases }
  } finally {
    miners.kill()
  }
}

function casesOf(name: string, boundMs: number, measured: RoundsMeasured): BenchCase[] {
  const { coldMs, coldScored, connectedMs, warmMs, cpuMs, writeMs, residentBytes } = measured
  const wall = median(warmMs)
  const shown = { bound: null, ratio: null, target: null, ok: true }
  const residentMiB = residentBytes / 2 ** 20
  return [
    {
      case: `${count} miners, ${name}; bound: a miner's answers`,
      value: wall,
      unit: 'ms',
      bound: boundMs,
      ratio: wall / boundMs,
      target: targets.wall,
      ok: wall / boundMs <= targets.wall,
    },
    { ...shown, case: '  processor time of it', value: cpuMs, unit: 'ms' },
    { ...shown, case: '  of it, waiting for the disk', value: median(writeMs), unit: 'ms' },
    {
      case: `  the cold round, handshakes included (${coldScored} answers)`,
      value: coldMs,
      unit: 'ms',
      bound: boundMs,
      ratio: coldMs / boundMs,
      target: null,
      ok: true,
    },
    { ...shown, case: '  from the start until every miner was asked', value: connectedMs, unit: 'ms' },
    {
      case: '  resident memory',
      value: residentMiB,
      unit: 'MiB',
      bound: null,
      ratio: null,
      target: targets.residentMiB,
      ok: residentMiB <= targets.residentMiB,
    },
  ]
}

async function inValidator(order: RoundsOrder): Promise<RoundsMeasured> {
  const validator = start('./validatorRounds.ts', ['rounds'])
  validator.send(order)
  try {
    return await message<RoundsMeasured>(validator)
  } finally {
    validator.kill()
  }
}

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ['--import', 'tsx'] })
}

/** @throws Error where the process ends first */
async function message<T>(child: ChildProcess): Promise<T> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${String(code)}`)
  })
  const [found] = (await Promise.race([once(child, 'message'), gone])) as [T]
  gone.catch(() => undefined)
  return found
}
