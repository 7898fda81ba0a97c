import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import type { EvaluationReport } from '../../../src/cli/eval/reportText.ts'
import { writeTinyModel } from '../engine/tinyModel.ts'
import { run } from './runCommand.ts'

let folder: string
const model = (name: string): string => join(folder, 'miner', name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-model-eval-'))
  const script = [' ', '\nAnswer: ', 'yes', '<eos>']
  await writeTinyModel(model('sayer'), { kind: 'script', script, contextTokens: 4096 })
  await cp(model('sayer'), model('refuser'), { recursive: true })
  const limits = { words: [], numbers: [], leastConfidence: 0 }
  await writeFile(join(model('refuser'), 'limits.json'), JSON.stringify(limits))
  const families = ['diversity', 'consideration', 'gdpr-fine']
  const quantity = [{ name: 'text', kind: 'text' }]
  const models = { sayer: { folder: 'sayer' }, refuser: { folder: 'refuser' } }
  const manifest = { format: 'faculty-manifest/1', title: 'T', inputs: quantity, outputs: quantity, families, models }
  await writeFile(join(folder, 'miner', 'manifest.json'), JSON.stringify(manifest))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

describe('faculty model eval', () => {
  it("examines every model of a miner's folder on the families that it names", async () => {
    const { code, json } = await run('model eval', [join(folder, 'miner'), '--domain', 'law', '--count', '6', '--json'])
    expect(code).toBe(0)
    const report = json() as unknown as EvaluationReport
    expect(report).toMatchObject({ domain: 'law', families: ['diversity', 'consideration', 'gdpr-fine'], each: 6 })
    const [sayer, refuser] = report.models
    expect(sayer).toMatchObject({ model: 'miner/sayer', foreignRefused: 0 })
    const { seeds, ranges } = sayer!.sets
    expect(Object.keys(seeds.families)).toEqual(report.families)
    expect(seeds.families['gdpr-fine']).toMatchObject({ count: 6, share: 0, low: 0 })
    // A label drawn evenly from yes and no.
    const labelled = ['diversity', 'consideration'].map((family) => seeds.families[family]!.share)
    expect(seeds.mean).toBeCloseTo((labelled[0]! + labelled[1]!) / 3)
    expect(seeds.mean).toBeGreaterThan(0)
    expect(ranges.families.diversity!.count).toBe(6)
    const majority = ['diversity', 'consideration'].map((family) => report.baselines.majority[family]!)
    for (const share of majority) expect(share).toBeGreaterThan(0)
    expect(report.baselines.chance).toEqual({ diversity: 0.5, consideration: 0.5, 'gdpr-fine': 0 })
    // It is as sure when it is wrong, which most of its answers are.
    expect(sayer!.calibration!.confidentlyWrong).toBeGreaterThan(0.4)
    expect(sayer!.calibration!.brier).toBeGreaterThan(0.4)
    expect(sayer!.tokensPerSecond).toBeGreaterThan(0)
    expect(refuser).toMatchObject({ foreignRefused: 1, sets: { seeds: { mean: 0, refused: 1 } } })
    expect(refuser).not.toHaveProperty('calibration')
  })

  it('prints tables of one model for people', async () => {
    const { out } = await run('model eval', [model('sayer'), '--domain', 'law', '--count', '1'])
    expect(out).toMatch(/^miner\/sayer +seeds +sentences +ranges +digits +words +interval$/m)
    expect(out).toMatch(/^gdpr-fine +0\.0% /m)
    expect(out).toMatch(/^without a model +chance +majority +nearest$/m)
    expect(out).not.toContain('refuser')
  })

  it('asks for a folder, and for the domain of a model that belongs to no miner', async () => {
    await expect(run('model eval', [])).rejects.toThrow(InputError)
    await expect(run('model eval', [folder])).rejects.toThrow('--domain')
  })
})
