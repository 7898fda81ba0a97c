import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { castOf } from '../../../src/cli/up/cast.ts'
import { domainPlaces } from '../../../src/cli/up/domainPlaces.ts'
import { run } from './runCommand.ts'

async function madeFolder(): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'faculty-places-'))
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }))
  const folder = join(scratch, 'tax')
  await run('init', [folder])
  return folder
}

test.each([
  ['nope', 'nope'],
  ['hearsay, deadlines', 'deadlines'],
  ['hearsay', 'hearsay'],
])('families that the validators would refuse start nothing: %s', async (families, value) => {
  const failure = { code: 'bad-input', field: 'families', value }
  const ports = ['--port', '0', '--gateway.port', '0', '--axon.port', '0']
  const asked = run('up', ['--domains', 'law,finance', '--families', families, ...ports])
  await expect(asked).rejects.toMatchObject({ failure })
})

test("an author's folder plays beside the package's domains; its miner runs without a model", async () => {
  const folder = await madeFolder()
  const places = await domainPlaces(`law, ${folder}`)
  expect(places).toEqual([
    { name: 'law', argument: 'law', isBuiltIn: true, models: ['expert', 'novice'] },
    { name: 'tax', argument: folder, isBuiltIn: false, models: [] },
  ])
  const miners = (cast: ReturnType<typeof castOf>) => cast.filter(({ role }) => role === 'miner')
  expect(miners(castOf(places, '/models')).map(({ name, minerFlags }) => [name, ...minerFlags].join(' '))).toEqual([
    'law-expert --domain law --model /models/law/expert',
    'law-novice --domain law --model /models/law/novice',
    `tax-miner --domain ${folder}`,
    'freeloader --domain freeloader',
  ])
  // The freeloader knows the package's domains alone.
  expect(miners(castOf([places[1]!], undefined)).map(({ name }) => name)).toEqual(['tax-miner'])
})

test('folders that do not fit are named', async () => {
  const folder = await madeFolder()
  await expect(domainPlaces('tax')).rejects.toThrow('--domains: "tax" cannot be used')
  await expect(domainPlaces(`${folder},${folder}`)).rejects.toMatchObject({
    mend: expect.stringContaining('there twice'),
  })
  // A new one: what was imported once stays as it was.
  const other = await madeFolder()
  const miner = join(other, 'miner.ts')
  writeFileSync(miner, readFileSync(miner, 'utf8').replace("domains: ['tax']", "domains: ['toll']"))
  await expect(domainPlaces(other)).rejects.toMatchObject({ mend: expect.stringContaining('declares toll, not tax') })
})
