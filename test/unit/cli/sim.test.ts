import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { MechanismReport } from '../../../src/validator/sim/mechanismReport.ts'
import { run } from './runCommand.ts'

const small = ['--epochs', '3', '--rounds', '2', '--miners', '6']

function fileOf(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-sim-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'population.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}

test('who earns what: groups, validators and miners, with bars; the same as JSON', async () => {
  const { code, out } = await run('sim', [...small, '--attack', 'constant,hotkeys', '--validators', 'copier=2'])
  expect(code).toBe(0)
  expect(out).toMatch(/^law: 2 epochs with weights in force, weights revealed after 1 epoch/)
  expect(out).toMatch(/^honest +6 +\d+\.\d\d% .*█+$/m)
  expect(out).toMatch(/^hotkeys +3 /m)
  expect(out).toMatch(/^copier-2 +copier +\d/m)
  expect(out).toMatch(/^miner-1 +honest +0\.80/m)
  const { json } = await run('sim', [...small, '--attack', 'none', '--validators', 'none', '--reveal', '0', '--json'])
  const report = json() as unknown as MechanismReport
  expect(report).toMatchObject({ domain: 'law', epochs: 3, revealEpochs: 0 })
  expect(report.neurons).toHaveLength(9)
  expect(report.course).toHaveLength(3)
  expect(report.course[2]!.honest).toBeCloseTo(1, 6)
})

test('a population file says who is there, and its settings hold', async () => {
  const path = fileOf({
    format: 'faculty-population/1',
    subnet: { revealEpochs: 2, tempoBlocks: 100 },
    miners: [
      { name: 'ann', skill: 0.9 },
      { name: 'bob', skill: 0.4 },
    ],
    validators: [
      { name: 'v1', alpha: 900 },
      { name: 'v2', kind: 'colluder', alpha: 100 },
    ],
  })
  const { json } = await run('sim', ['--population', path, '--epochs', '5', '--rounds', '2', '--json'])
  const report = json() as unknown as MechanismReport
  expect(report).toMatchObject({ epochs: 3, revealEpochs: 2 })
  expect(report.neurons.map(({ name }) => name)).toEqual(['v1', 'v2', 'ann', 'bob', 'friend-of-v2'])
  expect(report.neurons[0]!.stake).toBeCloseTo(0.9, 9)
})

test('what is wrong is named', async () => {
  await expect(run('sim', ['--attack', 'bribe'])).rejects.toThrow('--attack: "bribe" cannot be used')
  await expect(run('sim', ['--validators', 'copier=x'])).rejects.toThrow('--validators: "copier=x" cannot be used')
  await expect(run('sim', ['--population', '/nowhere.json'])).rejects.toThrow('--population: "/nowhere.json"')
  const path = fileOf({ format: 'faculty-population/1', miners: [], validators: [] })
  await expect(run('sim', ['--population', path])).rejects.toThrow('population.json.miners')
  await expect(run('sim', ['--population', path, '--netuid', '1'])).rejects.toThrow('--population')
  await expect(run('sim', ['--domain', './nowhere'])).rejects.toThrow('path: "./nowhere" cannot be used')
})
