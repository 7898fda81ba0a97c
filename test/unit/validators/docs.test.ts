import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { makeRng } from '../../../src/base/random.ts'
import finance from '../../../validators/finance/validator.ts'
import law from '../../../validators/law/validator.ts'
import medicine from '../../../validators/medicine/validator.ts'

it('docs/families.md lists every family with its kind of answer and its rule, in order', () => {
  const text = readFileSync(new URL('../../../docs/families.md', import.meta.url), 'utf8')
  const rows = text
    .split('\n')
    .filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| family '))
    .map((line) => line.replaceAll(/ {2,}/g, ' '))
  const families = [medicine, finance, law].flatMap((validator) => validator.families)
  expect(rows).toEqual(
    families.map(({ name, source, make }) => `| ${name} | ${make(makeRng('kind')).truth.kind} | ${source} |`),
  )
})
