import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { faultsOf } from '../mainJob.mjs'
import { runUp, type UpRun } from './runUp.ts'

const minersFolder = fileURLToPath(new URL('../../miners', import.meta.url))
const patienceMs = 150_000

async function until<T>(find: () => T | undefined, what: string, run: UpRun, limitMs = 60_000): Promise<T> {
  for (const start = performance.now(); performance.now() - start < limitMs; ) {
    const found = find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what}: not within ${limitMs} ms\n${run.lines()}`)
}

test('a miner and a validator that are killed come back within 5 s, and the run shows all that it must', {
  timeout: patienceMs,
}, async () => {
  const run = runUp(['--epochs', '4', '--seed', 'kill'])
  await until(() => (run.lines().includes('first weights') ? true : undefined), 'first weights', run)
  for (const part of ['--model novice --axon', '--wallet.name validator-2']) {
    const killed = await until(() => run.pidOf(part), part, run)
    process.kill(killed, 'SIGKILL')
    const killedMs = performance.now()
    await until(() => (run.pidOf(part) !== killed ? run.pidOf(part) : undefined), `${part} again`, run)
    expect(performance.now() - killedMs).toBeLessThan(5_000)
  }
  expect(faultsOf(await run.report, { epochs: 4 })).toEqual([])
})

test('exchanged model folders reverse the incentives, nothing else being changed', {
  timeout: patienceMs,
}, async () => {
  const models = mkdtempSync(join(tmpdir(), 'faculty-exchanged-'))
  try {
    for (const grade of ['expert', 'novice']) {
      cpSync(join(minersFolder, 'law', grade), join(models, 'law', grade), { recursive: true })
    }
    renameSync(join(models, 'law', 'expert'), join(models, 'law', 'kept'))
    renameSync(join(models, 'law', 'novice'), join(models, 'law', 'expert'))
    renameSync(join(models, 'law', 'kept'), join(models, 'law', 'novice'))
    const report = await runUp(['--epochs', '1', '--domains', 'law', '--models', models, '--seed', 'exchanged']).report
    expect(faultsOf(report, { epochs: 1, better: 'novice', worse: 'expert', answersPerMiner: 20 })).toEqual([])
  } finally {
    rmSync(models, { recursive: true, force: true })
  }
})
