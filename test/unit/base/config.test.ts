import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { resolveSettings, setting } from '../../../src/base/config.ts'
import { count, tokens } from '../../../src/cli/settings.ts'
import { printedForms } from '../keys/leaks.ts'

const settings = {
  'wallet.name': setting(z.string(), { help: 'name', takes: 'NAME' }),
  'wallet.hotkey': setting(z.string(), { help: 'name', takes: 'NAME' }),
  least: setting(tokens, { help: 'amount', takes: 'TAO' }),
  most: setting(tokens, { help: 'amount', takes: 'TAO' }),
  places: setting(count, { help: 'number', takes: 'N' }),
  quiet: setting(z.boolean().default(false), { help: 'switch' }),
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function errorOf(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  return expect.unreachable()
}

function read(text: string) {
  const file = join(scratch(), 'faculty.yaml')
  writeFileSync(file, text)
  return resolveSettings(settings, [], {}, { file }).values
}

test('what looks like a number in a file means what it means as a flag', () => {
  const written = { name: '007', hotkey: '1e3', least: '0.0000005', most: '12345678.123456789', places: '8' }
  const { name, hotkey, least, most, places } = written
  const flags = ['--wallet.name', name, '--wallet.hotkey', hotkey, '--least', least, '--most', most, '--places', places]
  const wanted = resolveSettings(settings, [...flags, '--quiet'], {}).values
  expect(wanted).toMatchObject({ 'wallet.name': '007', least: 500n, most: 12_345_678_123_456_789n, places: 8 })
  const { name: _, hotkey: __, ...rest } = written
  const yaml = Object.entries(rest).map(([key, value]) => `${key}: ${value}\n`)
  expect(read(`wallet: { name: ${name}, hotkey: ${hotkey} }\n${yaml.join('')}quiet: true\n`)).toEqual(wanted)
})

test('what was left empty is not the number 0', () => {
  const netuid = { netuid: setting(z.coerce.number().int().min(0), { help: 'the subnet', takes: 'N' }) }
  const file = join(scratch(), 'faculty.yaml')
  for (const text of ['netuid:', 'netuid: ""', 'netuid: [7]', 'netuid: true']) {
    writeFileSync(file, text)
    expect(() => resolveSettings(netuid, [], {}, { file }), text).toThrow(/^netuid/)
  }
  for (const empty of ['', ' ']) {
    expect(() => resolveSettings(netuid, ['--netuid', empty], {})).toThrow(/^--netuid: "\s*" cannot be used/)
  }
  writeFileSync(file, 'netuid: 0')
  expect(resolveSettings(netuid, [], {}, { file }).values.netuid).toBe(0)
})

test('attack on a log: a secret in the wrong place is not shown', () => {
  const secrets = { 'server.key': setting(z.string().optional(), { help: 'key', takes: 'KEY', secret: true }) }
  const file = join(scratch(), 'faculty.yaml')
  for (const text of ['server: { key: [hunter2] }', 'server: { kee: hunter2 }', 'sever.key: hunter2']) {
    writeFileSync(file, text)
    const error = errorOf(() => resolveSettings(secrets, [], {}, { file }))
    expect(printedForms(error), text).not.toContain('hunter2')
    expect(error.message, text).toMatch(/server\.key|server\.kee|sever\.key/)
  }
})

test('a file that is no YAML is named', () => {
  expect(() => read('wallet: [')).toThrow(/--config.*faculty\.yaml/)
})
