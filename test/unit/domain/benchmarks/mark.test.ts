import { describe, expect, test } from 'vitest'
import type { Gold } from '../../../../src/domain/benchmarks/benchmark.ts'
import { declaredAnswer, normalised } from '../../../../src/domain/benchmarks/declaredAnswer.ts'
import { mark } from '../../../../src/domain/benchmarks/mark.ts'
import { compareSpans, compareTerms, jaccard } from '../../../../src/domain/benchmarks/spans.ts'
import { finqaEntry, medqaLine } from './setFiles.ts'

test('the last line that declares an answer counts, and nothing outside it', () => {
  expect(declaredAnswer('It is A.\nAnswer: B\nNo, wait.\n**Answer:** C\nBye.')).toBe('C')
  expect(declaredAnswer('> answer : **yes** \r\n')).toBe('yes')
  for (const none of ['The answer: B', 'B', 'Answer:', 'Answer: ** **', '', `${'x'.repeat(60_000)}\nAnswer: B`]) {
    expect(declaredAnswer(none), none.slice(0, 20)).toBeUndefined()
  }
  expect(normalised('  Yes, it\tis: "so"! ')).toBe('yes it is so')
})

const label: Gold = { kind: 'label', label: 'Not hearsay', labels: ['Hearsay', 'Not hearsay'] }
const choice: Gold = { kind: 'choice', letter: 'B', options: medqaLine.options }
const amount: Gold = { kind: 'amount', value: 1000, share: 0.1 }
const name: Gold = { kind: 'name', name: 'Lamp Co. v. Shade Ltd.' }
const growth: Gold = { kind: 'result', value: 0.25, table: finqaEntry.table }
const question: Gold = { kind: 'result', value: 'yes', table: finqaEntry.table }
const nothing: Gold = { kind: 'result', value: 0, table: [] }

describe('single answers', () => {
  test.each<[Gold, declared: string, said: string | undefined, right: boolean]>([
    [label, 'not hearsay.', 'Not hearsay', true],
    [label, 'hearsay', 'Hearsay', false],
    [label, 'Hearsay or not hearsay', undefined, false],
    [choice, 'B', 'B', true],
    [choice, '(b)', 'B', true],
    [choice, 'B) Vitamin C.', 'B', true],
    [choice, 'A', 'A', false],
    [choice, 'E', undefined, false],
    [choice, 'Vitamin C', undefined, false],
    [choice, 'B or C', undefined, false],
    [choice, 'B) Vitamin D', undefined, false],
    [choice, 'A B C D', undefined, false],
    [amount, '$1,099', '1000', true],
    [amount, '1100', '1100', false],
    [amount, '901.00', '1000', true],
    [amount, 'about 1000', undefined, false],
    [amount, '1000 to 2000', undefined, false],
    [name, 'Lamp Co v Shade Ltd, 12 F.3d 34', 'Lamp Co. v. Shade Ltd.', true],
    [name, 'Shade v. Lamp', 'Shade v. Lamp', false],
    [growth, '0.25', '0.25', true],
    [growth, '25%', '0.25', true],
    [growth, '25', '25', false],
    [growth, 'subtract(1500, 1200), divide(#0, 1200)', '0.25', true],
    [growth, 'divide(300, 1500)', '0.2', false],
    [growth, '25% or 0.2', undefined, false],
    [growth, 'about a quarter', undefined, false],
    [question, 'Yes.', 'yes', true],
    [question, 'greater(1500, 1200)', 'yes', true],
    [question, 'greater(1200, 1500)', 'no', false],
    [nothing, '-0', '0', true],
    [nothing, '$ 0.000001', '0', true],
  ])('%j declared as %s', (gold, declared, said, isRight) => {
    expect(mark(gold, `I think.\nAnswer: ${declared}`)).toEqual({ isRight, said })
  })

  test('text without a declared line says nothing', () => {
    expect(mark(choice, 'B')).toEqual({ isRight: false, said: undefined })
  })
})

describe('lists', () => {
  const spans: Gold = { kind: 'spans', spans: ['governed by the law of Bavaria', 'courts of Munich'], contained: false }

  test('passages are found by half of their words, surplus ones are false alarms', () => {
    expect(mark(spans, 'Answer: Governed by the law of Bavaria; | in the courts of Munich | whatever')).toEqual({
      isRight: false,
      said: 'Governed by the law of Bavaria; | in the courts of Munich | whatever',
      found: { hits: 2, misses: 0, falseAlarms: 1 },
    })
    expect(mark(spans, 'Answer: none').found).toEqual({ hits: 0, misses: 2, falseAlarms: 0 })
    expect(mark(spans, 'no line')).toEqual({
      isRight: false,
      said: undefined,
      found: { hits: 0, misses: 2, falseAlarms: 0 },
    })
  })

  test('a contract without the clause is right with none, and only said so', () => {
    const empty: Gold = { kind: 'spans', spans: [], contained: false }
    expect(mark(empty, 'Answer: None.')).toMatchObject({ isRight: true, said: 'none' })
    expect(mark(empty, 'I see none.').isRight).toBe(false)
    expect(mark(empty, 'Answer: the courts')).toMatchObject({ isRight: false, found: { falseAlarms: 1 } })
  })

  test('the measure of CUAD', () => {
    expect(jaccard('The law, of: Bavaria.', 'the law of bavaria')).toBe(1)
    expect(jaccard('a b c', 'b c d')).toBe(0.5)
    expect(jaccard('and/or', 'and')).toBe(0.5)
    expect(jaccard('', '.')).toBe(0)
    // One passage may find two, and two may find one: neither is a false alarm.
    expect(compareSpans(['a b', 'b c'], ['a b c'], false)).toEqual({ hits: 2, misses: 0, falseAlarms: 0 })
    expect(compareSpans(['Lamp Co'], ['made by Lamp Co and many others'], true).hits).toBe(1)
    expect(compareSpans(['Lamp Co'], ['made by Lamp Co and many others'], false).hits).toBe(0)
  })

  test('terms are found once each', () => {
    const terms: Gold = { kind: 'terms', terms: ['mere continuation', 'de facto merger'] }
    expect(mark(terms, 'Answer: De facto merger, mere continuation')).toMatchObject({ isRight: true })
    expect(mark(terms, 'Answer: mere continuation, mere continuation, fraud').found).toEqual({
      hits: 1,
      misses: 1,
      falseAlarms: 2,
    })
    expect(compareTerms(['a'], ['a b'])).toEqual({ hits: 1, misses: 0, falseAlarms: 0 })
  })
})
