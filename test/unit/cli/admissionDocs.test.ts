import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsHelp } from '../../../src/base/config.ts'
import { admissionSettings } from '../../../src/cli/admissionSettings.ts'
import { wireErrorCodes, wireErrors } from '../../../src/wire/wireError.ts'

const page = readFileSync(new URL('../../../docs/admission.md', import.meta.url), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('|'))
const named = (row: string): string[] => [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)

test('docs/admission.md has a row for each setting, with its default', () => {
  const listed = rows.map((row) => named(row)[0]).filter((name) => name !== undefined && name in admissionSettings)
  expect(new Set(listed)).toEqual(new Set(Object.keys(admissionSettings)))
  for (const [name, { schema }] of Object.entries(admissionSettings)) {
    const fallback = schema.parse(undefined)
    const shown = fallback === undefined ? 'none' : fallback === false ? 'off' : String(fallback)
    expect(
      rows
        .find((row) => row.startsWith(`| \`${name}\``))
        ?.split('|')[2]
        ?.trim(),
      name,
    ).toBe(shown)
  }
})

test('and names every refusal that ends a session or an ask before it begins, and none that there is not', () => {
  const table = rows.slice(
    0,
    rows.findIndex((row) => row.startsWith('| setting')),
  )
  const codes = new Set(table.flatMap((row) => named(row.split('|')[4] ?? '')))
  for (const code of codes) expect(wireErrorCodes).toContain(code)
  const ending = wireErrorCodes.filter((code) => wireErrors[code].close !== undefined)
  for (const code of [...ending, 'bad-message', 'duplicate-id', 'unknown-domain', 'busy', 'rate-limited']) {
    expect([...codes]).toContain(code)
  }
})

test('the help text shows each with what it takes', () => {
  expect(settingsHelp(admissionSettings)).toContain('--admission.min_stake ALPHA')
})
