import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finqaNumber, runProgram } from '../../../../src/domain/benchmarks/finqaProgram.ts'
import { finqaEntry } from './setFiles.ts'

const { table } = finqaEntry

test.each([
  ['subtract(5829, 5735)', 94],
  ['subtract(5829, 5735), divide(#0, 5735)', 0.01639],
  ['divide(subtract(5829, 5735), 5735)', 0.01639],
  ['divide(8.1, 56.0)', 0.14464],
  ['add(1,500, 2), multiply(#0, const_m1)', -1502],
  ['multiply(9.8%, const_1000)', 98],
  ['exp(2, 10)', 1024],
  ['add(-3.5, .5)', -3],
  ['greater(2, 1)', 'yes'],
  ['greater(1, 1)', 'no'],
  ['table_sum(net sales, none)', 2700],
  ['table_average(net sales, none), subtract(#0, 1000)', 350],
  ['table_max(net sales, none)', 1500],
  ['table_min(loss on glass, broken (net), none)', -20],
  ['subtract(table_max(net sales, none), table_min(net sales, none))', 300],
  ['add( 1 , 2 )', 3],
] as const)('%s is %s', (program, result) => {
  expect(runProgram(program, table)).toBe(result)
})

describe('is worth nothing', () => {
  test.each([
    ['a division by nothing', 'divide(1, 0)'],
    ['a root of a negative number', 'exp(-1, 0.5)'],
    ['an unknown operation', 'power(2, 3)'],
    ['a step that is not there yet', 'add(1, #1), add(2, 3)'],
    ['arithmetic on yes', 'greater(2, 1), add(#0, 1)'],
    ['an unknown row', 'table_sum(gross sales, none)'],
    ['a row with words', 'table_sum(( in words ), none)'],
    ['text behind it', 'add(1, 2) thus 3'],
    ['a comma behind it', 'add(1, 2),'],
    ['one argument', 'add(1)'],
    ['three arguments', 'add(1, 2, 3)'],
    ['a word for a number', 'add(one, 2)'],
    ['an exponent', 'add(1e3, 2)'],
    ['no program', '0.5'],
    ['nothing', ''],
    ['nesting without end', `${'add('.repeat(200)}1, 2)`],
  ])('%s', (_what, program) => {
    expect(runProgram(program, [...table, ['( in words )', 'many']])).toBeUndefined()
  })
})

test('any text ends soon and harmlessly', () => {
  const piece = fc.constantFrom('add', 'table_sum', '(', ')', ', ', ',', 'none', '#0', '1', '5%', 'const_', ' ', '-')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const result = runProgram(pieces.join(''), table)
      expect(result === undefined || typeof result === 'string' || Number.isFinite(result)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('sums of two numbers agree with arithmetic, flat and nested', () => {
  const number = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 100)
  fc.assert(
    fc.property(number, number, number, (a, b, c) => {
      const expected = Number(((a - b) * c).toFixed(5))
      expect(runProgram(`subtract(${a}, ${b}), multiply(#0, ${c})`, [])).toBe(expected)
      expect(runProgram(`multiply(subtract(${a}, ${b}), ${c})`, [])).toBe(expected)
    }),
  )
})

test('numbers in their dress', () => {
  const read = ['1,234.5', '-2', '12%', '12 %', 'const_100', 'const_m1', '5.', '.5'].map(finqaNumber)
  expect(read).toEqual([1234.5, -2, 0.12, 0.12, 100, -1, 5, 0.5])
  for (const text of ['', '-', '%', '1e5', '0x10', '1 2', '$5', 'const_', '--1', '1..2']) {
    expect(finqaNumber(text), text).toBeUndefined()
  }
})
