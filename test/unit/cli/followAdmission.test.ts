import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Resolved, resolveSettings, type Settings, setting } from '../../../src/base/config.ts'
import { admissionOf, admissionSettings } from '../../../src/cli/admissionSettings.ts'
import { followAdmission } from '../../../src/cli/followAdmission.ts'
import { port } from '../../../src/cli/settings.ts'
import type { Miner } from '../../../src/miner/miner.ts'
import { keptLog, until } from '../miner/memoryChain.ts'

const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const settings = { ...admissionSettings, 'axon.port': setting(port.default(8091), { help: 'port', takes: 'N' }) }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faculty-config-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A miner that follows a file which holds this. */
async function follow(text: string, argv: readonly string[] = []) {
  const path = join(folder, `${Math.random()}.yaml`)
  await writeFile(path, text)
  const resolve = (): Resolved<typeof settings> => resolveSettings(settings, argv, {}, { file: path })
  const given: Parameters<Miner['configure']>[0][] = []
  const { log, lines } = keptLog()
  const { values } = resolve()
  const stop = followAdmission({
    miner: { configure: (next) => given.push(next) },
    config: { path, reread: () => resolve() as unknown as Resolved<Settings> },
    values,
    log,
    isTerminal: false,
  })
  onTestFinished(stop)
  return { path, given, lines, values }
}

test('SIGHUP reads the file again; lists may be YAML lists, and flags still win', async () => {
  const { path, given, lines } = await follow('admission.max_pending: 5', ['--axon.max_workers', '3'])
  await writeFile(
    path,
    `admission:\n  deny: [${alice}, 203.0.113.0/24]\n  min_stake: 1.5\n  requests_per_minute: 60\naxon.max_workers: 9\n`,
  )
  process.emit('SIGHUP')
  const { policy, limits } = given.at(-1)!
  expect(policy.deny?.hotkeys.has(alice)).toBe(true)
  expect(policy.deny?.hasIp('203.0.113.99')).toBe(true)
  expect(policy.minStake).toBe(1_500_000_000n)
  expect(limits).toMatchObject({ asksPerHotkey: { perMinute: 60, burst: 10 }, maxRunning: 3, maxPending: 64 })
  expect(lines.at(-1)).toContain('is read anew')
})

test('a file that another one is put in the place of is seen without a signal', async () => {
  const { path, given } = await follow('admission.max_pending: 5')
  await writeFile(`${path}.new`, 'admission.max_pending: 6')
  await rename(`${path}.new`, path)
  await until(() => given.length > 0, 'the new file is read')
  expect(given[0]!.limits.maxPending).toBe(6)
})

test.each([
  ['no YAML', '{admission', 'give a readable YAML or JSON file'],
  ['a name that is none', 'admission.deny: example.com', 'admission.deny'],
  ['a number that is none', 'admission.max_pending: many', 'admission.max_pending'],
  ['a setting that is none', 'admission.min_steak: 5', 'no such setting'],
])('%s is reported, and what was in force stays', async (_what, text, told) => {
  const { path, given, lines } = await follow('admission.max_pending: 5')
  await writeFile(path, text)
  process.emit('SIGHUP')
  expect(given).toEqual([])
  expect(lines.at(-1)).toMatch(/^error: .*what was in force stays/)
  expect(lines.at(-1)).toContain(told)
})

test('settings that need a restart are named', async () => {
  const { path, lines } = await follow('axon.port: 8091')
  await writeFile(path, 'axon.port: 8092')
  process.emit('SIGHUP')
  expect(lines.at(-1)).toBe('warn: these settings are taken over at the next start only')
})

test('without any setting there is no limit on asks, and everybody registered is served', () => {
  const { policy, limits } = admissionOf(resolveSettings(admissionSettings, [], {}).values)
  expect(limits.asksPerHotkey?.perMinute).toBe(Number.POSITIVE_INFINITY)
  expect(limits.connectionsPerIp).toEqual({ perMinute: 600, burst: 100 })
  expect(policy).toMatchObject({ minStake: 0n, onlyAllowed: false, allowNonRegistered: false })
})
