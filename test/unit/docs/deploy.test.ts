import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../../src/base/config.ts'
import { addGpuMemory } from '../../../src/base/gpuMemory.ts'
import type { Metrics } from '../../../src/base/metrics.ts'
import { addProcessMetrics } from '../../../src/base/processMetrics.ts'
import { command as minerRun } from '../../../src/cli/minerRun.ts'
import { command as validatorRun } from '../../../src/cli/validatorRun.ts'
import { makeMinerMetrics } from '../../../src/miner/minerMetrics.ts'
import { alarmNames } from '../../../src/validator/alarms.ts'
import { makeValidatorMetrics } from '../../../src/validator/validatorMetrics.ts'

const folder = fileURLToPath(new URL('../../../docs/deploy/', import.meta.url))
const read = (name: string): string => readFileSync(folder + name, 'utf8')

/** The flags behind `miner run` of a command line, those that `resolveSettings` does not take left out. */
function resolved(words: readonly string[]) {
  expect(words.slice(0, 2)).toEqual(['miner', 'run'])
  const at = words.indexOf('--config')
  expect(words[at + 1]).toBe('/etc/faculty/miner.yaml')
  return resolveSettings(
    minerRun.settings,
    [...words.slice(2, at), ...words.slice(at + 2)],
    {},
    {
      file: `${folder}miner.yaml`,
    },
  )
}

describe('what docs/deploy starts', () => {
  test('are flags and settings that there are', () => {
    const exec = /^ExecStart=\/usr\/bin\/node \S+\/main\.js (.*)$/m.exec(read('faculty-miner.service'))![1]!
    expect(resolved(exec.split(' '))).toMatchObject({
      values: { netuid: 42, 'axon.external_port': 8091, 'status.port': 9191, 'logging.json': true },
      sources: { 'wallet.path': 'file', 'axon.external_ip': 'file' },
    })
    const docker = /^CMD (\["miner".*\])$/m.exec(read('Dockerfile'))![1]!
    expect(resolved(JSON.parse(docker) as string[]).sources['status.port']).toBe('flag')
  })

  test('is looked at where it listens', () => {
    const { values } = resolved(['miner', 'run', '--config', '/etc/faculty/miner.yaml'])
    const port = `127.0.0.1:${values['status.port']}`
    for (const name of ['Dockerfile', 'prometheus.yml']) expect(read(name)).toContain(port)
  })

  test('is, for a validator, also what there is', () => {
    const exec = /^ExecStart=\/usr\/bin\/node \S+\/main\.js (.*)$/m.exec(read('faculty-validator.service'))![1]!
    const words = exec.split(' ')
    expect(words.slice(0, 4)).toEqual(['validator', 'run', '--config', '/etc/faculty/validator.yaml'])
    const found = resolveSettings(validatorRun.settings, words.slice(4), {}, { file: `${folder}validator.yaml` })
    expect(found).toMatchObject({ values: { netuid: 42, 'watchdog.ms': 600_000 }, sources: { db: 'file' } })
    // No crash loop may be longer than the watchdog is patient, lest systemd give up on a validator that hangs.
    expect(read('faculty-validator.service')).toContain('StartLimitIntervalSec=600\nStartLimitBurst=5')
    expect(read('validator.md')).toContain(`127.0.0.1:${found.values['status.port']}`)
  })

  test.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0).each(['faculty-miner', 'faculty-validator'])(
    'is a unit that systemd takes: %s',
    (name) => {
      const unit = `${folder}${name}.service`
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
      // A machine without node under /usr/bin is told so; nothing else may be wrong.
      const complaints = stderr.split('\n').filter((line) => line.includes(name) && !line.includes('not executable'))
      expect({ complaints, status: complaints.length === 0 ? 0 : status }).toEqual({ complaints: [], status: 0 })
    },
  )
})

test('the figures that docs/deploy names are those that a miner has', () => {
  const { metrics, watchAxon } = makeMinerMetrics({
    model: { name: 'tiny', fingerprint: '', contextTokens: 1, device: 'cuda' },
    generate: () => {
      throw new Error('not here')
    },
    close: async () => undefined,
    stats: () => ({
      running: 0,
      waiting: 0,
      batchSize: 0,
      requestsTotal: 0,
      refusedTotal: 0,
      promptTokensTotal: 0,
      tokensTotal: 0,
      firstTokensTotal: 0,
      firstTokenMsTotal: 0,
    }),
  })
  watchAxon({ sessions: 0, running: 0, waiting: 0 })
  const ends = [addProcessMetrics(metrics), addGpuMemory(metrics, { command: 'no-such-tool' })]
  for (const end of ends) end()
  const known = namesOf(metrics)
  const text = `${read('README.md')}\n${read('faculty-rules.yml')}`
  const named = text.match(/\b(faculty_(miner|engine|gpu|event)_[a-z_]+[a-z]|process_[a-z_]+)\b/g) ?? []
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter((name) => !known.has(name.replace(/_bucket$/, '')))).toEqual([])
})

test('the figures and alarms that docs/deploy names are those that a validator has', () => {
  const { metrics } = makeValidatorMetrics({
    store: { answers: { scored: 0, failed: 0 }, rounds: 0, weights: { done: 0 } },
    domains: [],
    inFlight: () => 0,
    block: () => 0,
    scores: () => [],
    standing: () => undefined,
    headAgeMs: () => undefined,
    endpoints: () => [],
  })
  const known = namesOf(metrics)
  const text = read('validator.md')
  const named = `${text}\n${read('faculty-rules.yml')}`.match(/\bfaculty_validator_[a-z_]+[a-z]\b/g) ?? []
  expect(named.filter((name) => !known.has(name.replace(/_bucket$/, '')))).toEqual([])
  expect([...known].filter((name) => !text.includes(`\`${name}`))).toEqual([])
  for (const name of alarmNames) expect(text).toContain(`| \`${name}\` `)
})

function namesOf(metrics: Metrics): Set<string> {
  return new Set([...metrics.text().matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!))
}
