import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calculate, calculatorError, formatResult } from '../../../src/engine/calculator.ts'

describe('calculate', () => {
  it.each([
    ['(140-67)*72/(72*1.3)', '56.15'],
    ['8.49-8.39', '0.10'],
    ['7.349-7.35', '-0.00'],
    ['140-(100+24)', '16'],
    ['-2^2', '-4'],
    ['(-2)^2', '4'],
    ['2^3^2', '512'],
    ['2^-1', '0.50'],
    ['--3', '3'],
    ['2*-3', '-6'],
    ['100000*(6/1200)/(1-1/(1+6/1200)^360)', '599.55'],
    ['400/(60/75)^0.5', '447.21'],
    ['70>65', '1'],
    ['70<65', '0'],
    ['65>=65', '1'],
    ['(70>=65)+(70>=75)', '1'],
    [' 1 + 2 ', '3'],
    ['0/5', '0'],
    ['-0', '0'],
    ['999999999999999', '999999999999999'],
    ['ln(1)', '0'],
    ['100*ln(2)', '69.31'],
    ['100*exp(-0.5)', '60.65'],
    ['exp(0)', '1'],
    ['100*N(1.96)', '97.50'],
    ['100*N(-1.645)', '5.00'],
    ['N(0)', '0.50'],
    ['-ln(2)^2', '-0.48'],
    ['ln(exp(3))', '3'],
    ['N(9)-N(-9)', '1'],
  ])('%s = %s', (expression, result) => {
    expect(calculate(expression)).toBe(result)
  })

  it.each([
    '',
    ' ',
    '1+',
    '+1',
    '(1',
    '1)',
    '()',
    '1 2',
    '1.',
    '.5',
    '1,000',
    '1e5',
    '0x10',
    '2(3)',
    '1<2<3',
    'process.exit(1)',
    'Infinity',
    '１+１',
    '1/0',
    '0/0',
    '0^-1',
    '(0-8)^0.5',
    '10^400',
    '10^15',
    '999999999999999+1',
    '1/(10^400)',
    'ln(0)',
    'ln(-1)',
    'ln',
    'ln 2',
    'lnln(2)',
    'N(',
    'exp()',
    'exp(35)',
    'exp(800)',
    'sin(1)',
    '2N(1)',
    'n(1)',
    'LN(2)',
    '9'.repeat(400),
  ])('refuses %j', (expression) => {
    expect(calculate(expression)).toBe(calculatorError)
  })

  it('bounds length and nesting, whatever carries it', () => {
    expect(calculate(`${'('.repeat(31)}1${')'.repeat(31)}`)).toBe('1')
    expect(calculate(`${'('.repeat(32)}1${')'.repeat(32)}`)).toBe(calculatorError)
    expect(calculate(`${'-'.repeat(100)}1`)).toBe(calculatorError)
    expect(calculate(`${'exp('.repeat(40)}1${')'.repeat(40)}`)).toBe(calculatorError)
    expect(calculate(Array(100).fill('1').join('^'))).toBe(calculatorError)
    expect(calculate(Array(256).fill('1').join('+'))).toBe('256')
    expect(calculate(Array(258).fill('1').join('+'))).toBe(calculatorError)
  })

  it('agrees with JavaScript’s own arithmetic on every expression of its grammar', () => {
    const { tree } = fc.letrec<{ tree: string; leaf: string; operation: string; minus: string }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('operation'), tie('minus')),
      leaf: fc.oneof(
        fc.nat(1_000_000).map(String),
        fc.tuple(fc.nat(9999), fc.nat(9999)).map(([whole, part]) => `${whole}.${part}`),
      ),
      operation: fc
        .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/', '^', '>', '<', '>=', '<='), tie('tree'))
        .map(([left, sign, right]) => `(${left}${sign}${right})`),
      minus: tie('tree').map((inner) => `(-${inner})`),
    }))
    let finite = 0
    fc.assert(
      fc.property(tree, (expression) => {
        const result = calculate(expression)
        // Parsed by the JavaScript engine: every operation is bracketed, so only its arithmetic is relied on.
        const script = expression.replaceAll('^', '**').replace(/(^|[^\d.])0+(?=\d)/g, '$1')
        const expected = Number(new Function(`return ${script}`)())
        if (result === calculatorError) return
        finite++
        expect(result).toBe(formatResult(expected))
      }),
      { numRuns: 2000 },
    )
    expect(finite).toBeGreaterThan(1000)
  })

  it('answers every text with a printed number or ERR, and quickly', () => {
    const piece = fc.constantFrom(...'0123456789.+-*/^()<>= ae,'.split(''), 'ln(', 'exp(', 'N(')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 600 }).map((all) => all.join('')),
          fc.string(),
        ),
        (text) => {
          expect(calculate(text)).toMatch(/^(-?\d{1,15}(\.\d\d)?|ERR)$/)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

describe('formatResult', () => {
  it('prints whole numbers bare and others with two decimals, the nearer one, ties away from zero', () => {
    expect([0.125, -0.125, 0.375, 2.5, 3, -3, -0].map(formatResult)).toEqual([
      '0.13',
      '-0.13',
      '0.38',
      '2.50',
      '3',
      '-3',
      '0',
    ])
    expect(formatResult(1.005)).toBe('1.00')
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
        const text = formatResult(value)
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.005 + Math.abs(value) * 2 ** -51)
        expect(text.includes('.')).toBe(!Number.isInteger(value))
      }),
    )
  })
})
