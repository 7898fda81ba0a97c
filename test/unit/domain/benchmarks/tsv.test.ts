import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InputError } from '../../../../src/base/errors.ts'
import { parseTsv } from '../../../../src/domain/benchmarks/tsv.ts'

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`

test('cells in quotes may hold anything; each row knows its line', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', ' ', 'é') })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
      const text = ['a\tb', ...rows.map((row) => row.map(quoted).join('\t'))].join(end)
      let line = 2
      const expected = rows.map(([a, b]) => {
        const row = { line, cells: { a, b } }
        line += `${a}${b}`.split('\n').length
        return row
      })
      expect(parseTsv(text, 'f')).toEqual(expected)
    }),
  )
})

test('text behind closing quotes belongs to the cell, as pandas reads it', () => {
  expect(parseTsv('a\tb\n"x\n""y"" "z" w\tq\n', 'f')).toEqual([{ line: 2, cells: { a: 'x\n"y" z" w', b: 'q' } }])
  expect(parseTsv('a\n""\n""""\n', 'f')).toEqual([{ line: 3, cells: { a: '"' } }])
})

test('a quote inside a bare cell is a character; blank lines are no rows', () => {
  expect(parseTsv('a\tb\n\nsaid "yes"\t2"\n', 'f')).toEqual([{ line: 3, cells: { a: 'said "yes"', b: '2"' } }])
})

test('whatever the text, it is rows or an InputError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', '\r', ' ') }), (text) => {
      try {
        parseTsv(text, 'f')
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    }),
  )
})
