import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task, Truth } from '../../../src/domain/defineValidator.ts'
import { claimOf } from '../../../validators/shared/claimOf.ts'
import { scoreFinal } from '../../../validators/shared/scoreFinal.ts'

function taskOf(truth: Truth): Task {
  return { domain: 'test', family: 'test', question: 'What?', truth, chance: 0, working: '', answer: '' }
}

const number = taskOf({ kind: 'number', value: 1234.5, tolerance: 2, unit: 'mL/min/1.73m2' })
const label = taskOf({ kind: 'label', label: 'not hearsay', labels: ['hearsay', 'not hearsay'] })
const choice = taskOf({ kind: 'choice', letter: 'C', letters: ['A', 'B', 'C', 'D'] })

const right = (task: Task, finals: readonly string[]) =>
  finals.filter((final) => scoreFinal(task, `working\nAnswer: ${final}`) === 1)

describe('right answers, as people and models write them', () => {
  it('reads numbers with commas, signs of currency, units and within tolerance', () => {
    const finals = [
      '1234.5',
      '1,234.5',
      '$1,234.50',
      'USD 1234.5',
      '1234.5 dollars',
      '1234.5 mL/min',
      '1234.5 mL/min/1.73m2',
      '1234.5%',
      '€1234.5',
      '**1234.5**',
      '1234.5.',
      '+1234.5',
      '1233',
      '1236.5',
    ]
    expect(right(number, finals)).toEqual(finals)
    const negative = taskOf({ kind: 'number', value: -32502.48, tolerance: 0.1, unit: 'USD' })
    const negatives = ['-32502.48', '−32,502.48', '-$32,502.48', '$-32502.48', '-32502.48 USD']
    expect(right(negative, negatives)).toEqual(negatives)
  })

  it('reads units, blanks and signs as other models write them', () => {
    const finals = [
      '1234.5 mL/min/1.73m2.',
      '1234.5 mL/min/1.73 m²',
      '1234.5 ml/min/1.73m^2',
      '1234.5 mL/min per 1.73 m²',
      '1234.5\u202fmL/min',
      '1,234.5\u00a0USD',
      '$1,234.50 per month',
      '$1,234.50/month',
      '\\$1,234.50',
      'US$1,234.50',
      '€ 1,234.50',
      '1234.5% per year',
      '1234.5 % p.a.',
      '1234.5\\%',
      '≈ 1234.5 mL/min',
      '~1234.5',
      '`1234.5`',
    ]
    expect(right(number, finals)).toEqual(finals)
    const rate = taskOf({ kind: 'number', value: 5.25, tolerance: 0.02, unit: '%' })
    const rates = ['5.25% per annum', '5.25 % a year', '5.25%', '5.25 percent', '5.25']
    expect(right(rate, rates)).toEqual(rates)
  })

  it.each([
    'What? A) iron B) naloxone C) folinic acid D) heparin.',
    'What? (A) iron, (B) naloxone, (C) folinic acid, (D) heparin.',
    'What? A: iron; B: naloxone; C: folinic acid; D: heparin.',
    'What?\n\nA) iron\nB) naloxone\nC) folinic acid\nD) heparin\n\nYour last line must be the letter: A, B, C, D.',
  ])('reads a letter with its own option, and no other: %s', (question) => {
    const options = { ...choice, question }
    const finals = ['C) folinic acid', '(C) Folinic acid.', '**C: folinic acid**', 'C - folinic acid', 'C']
    expect(right(options, finals)).toEqual(finals)
    const wrong = ['C) iron', 'C) folinic acid D) heparin', 'C folinic', 'A) iron', 'folinic acid', 'C) folinic acid C']
    expect(right(options, wrong)).toEqual([])
    expect(
      right({ ...options, truth: { ...choice.truth, letter: 'D' } as Truth }, ['D) heparin', 'D heparin x']),
    ).toEqual(['D) heparin'])
    expect(claimOf(options, 'Answer: (B) naloxone')).toBe(claimOf(options, 'Answer: b'))
  })

  it('reads labels and letters without case and punctuation', () => {
    const labels = ['not hearsay', 'Not hearsay.', '**NOT HEARSAY**', '"not-hearsay"']
    expect(right(label, labels)).toEqual(labels)
    const letters = ['C', 'c', '(C)', 'C)', 'C.', '**C**']
    expect(right(choice, letters)).toEqual(letters)
  })

  it('takes the last answer line', () => {
    expect(scoreFinal(choice, 'Answer: A\nNo, wait.\nanswer: C')).toBe(1)
    expect(scoreFinal(choice, 'Answer: C\nAnswer: A')).toBe(0)
    expect(scoreFinal(choice, '**Answer:** C')).toBe(1)
  })
})

describe('attacks earn nothing', () => {
  it('several answers in one line', () => {
    expect(
      right(number, [
        '1234.5 1234.6',
        '1233 or 1234.5',
        '1000, 1234.5',
        '1234.5; 7',
        '0-9999',
        '1234.5/1',
        '1234.5 = 1234.5',
      ]),
    ).toEqual([])
    expect(
      right(label, [
        'hearsay not hearsay',
        'hearsay or not hearsay',
        'hearsay',
        'not hearsay, hearsay',
        'not not hearsay',
      ]),
    ).toEqual([])
    expect(right(choice, ['ABCD', 'A B C D', 'C or D', 'A, B, C', 'not A', 'C C', 'the third'])).toEqual([])
    expect(right(choice, ['A Answer: C'])).toEqual([])
  })

  it('an answer outside a declared final line', () => {
    for (const task of [number, label, choice]) {
      for (const text of [
        '1234.5',
        'not hearsay',
        'C',
        'The answer is C',
        'My Answer: C',
        '',
        'Answer:',
        'Answer:\nC',
      ]) {
        expect(scoreFinal(task, text)).toBe(0)
      }
    }
  })

  it('numbers that are none', () => {
    const finals = [
      'NaN',
      'Infinity',
      '-Infinity',
      '1e999',
      '1.2345e3',
      '0x4d2',
      '１２３４.５',
      '١٢٣٤',
      '1234.5e0',
      '--1234.5',
      '-+1234.5',
      '1,23,4.5',
      '1234,5',
      '1_234.5',
      '1234.5\u0000',
      '12345'.repeat(10),
    ]
    expect(right(number, finals)).toEqual([])
  })

  it('numbers that a copier changed within the tolerance, right or wrong', () => {
    const task = taskOf({ kind: 'number', value: 56.15, tolerance: 0.1123, unit: 'mL/min' })
    const same = (source: number, copy: number): boolean =>
      claimOf(task, `Answer: ${source.toFixed(4)}`) === claimOf(task, `Answer: ${copy.toFixed(4)} mL/min`)
    const copied = (source: number): number => {
      const tries = Array.from({ length: 400 }, (_, i) => source * (1 + i / 997))
      return tries.filter((one) => same(one, one * 1.0015)).length / tries.length
    }
    expect(same(56.15, 56.2)).toBe(true)
    for (const source of [57, 70, 3, 400, 90_000, -56]) expect(copied(source)).toBeGreaterThan(0.7)
    const page = taskOf({ kind: 'number', value: 412, tolerance: 0.4, unit: '' })
    const claims = [410, 410.3, 411, 413, 412.6, 414].map((one) => claimOf(page, `Answer: ${one}`))
    expect(claims).toEqual(['about 410', 'about 410', 'about 411', 'about 413', 'about 413', 'about 414'])
    expect(claimOf(page, 'Answer: 412.3')).toBe('412')
    // Who is wrong by himself is wrong elsewhere.
    expect([57, 58, 60, 70, 112].map((one) => same(one, one + 1))).toEqual([false, false, false, false, false])
  })

  it('very long texts, quickly', () => {
    expect(scoreFinal(choice, `${'x'.repeat(30_000)}\nAnswer: C`)).toBe(0)
    expect(scoreFinal(number, `Answer: 1234.5${' '.repeat(200)}x`)).toBe(0)
    expect(scoreFinal(number, `Answer: ${'1'.repeat(19_000)}`)).toBe(0)
    expect(scoreFinal(number, `${'Answer: '.repeat(2000)}\n${'*'.repeat(3000)}`)).toBe(0)
  })

  it('any text at all scores 0 or 1 and never throws', () => {
    fc.assert(
      fc.property(
        // Every code point; fast-check's own 'binary' strings take seconds to set up.
        fc
          .array(fc.integer({ min: 0, max: 0x10_ff_ff }), { maxLength: 200 })
          .map((all) => String.fromCodePoint(...all)),
        fc.constantFrom(number, label, choice),
        (text, task) => {
          const bare = scoreFinal(task, text)
          const declared = scoreFinal(task, `Answer: ${text}`)
          return [0, 1].includes(bare) && [0, 1].includes(declared)
        },
      ),
    )
  })

  it('a number is right exactly within its tolerance', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (cents) => {
        const value = cents / 100
        return (scoreFinal(number, `Answer: ${value}`) === 1) === Math.abs(value - 1234.5) <= 2
      }),
    )
  })
})
