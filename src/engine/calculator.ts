import { exp, ln, normalCdf } from './elementary.ts'

/*
 * The calculator that models call in their working: `<calc>(140-67)*72</calc>=5256`. Pure; validators' tests and the
 * training recipe follow the same rules.
 *
 * Grammar, white space between tokens ignored:
 *
 *   comparison := sum (('>' | '<' | '>=' | '<=') sum)?      1 where it holds, else 0
 *   sum        := product (('+' | '-') product)*
 *   product    := signed (('*' | '/') signed)*
 *   signed     := '-' signed | power                        -2^2 = -4
 *   power      := operand ('^' signed)?                     2^3^2 = 512, 2^-1 = 0.5
 *   operand    := number | function? '(' comparison ')'
 *   function   := 'ln' | 'exp' | 'N'                        N is the standard normal distribution's probability
 *   number     := digits ('.' digits)?                      no exponent, no separators, no leading or trailing point
 *
 * Numbers are IEEE 754 doubles, operations are applied in the order written.
 *
 * @see facts: tiny-domain-models.md, section 5
 */

/** What stands after `=` where an expression cannot be evaluated. */
export const calculatorError = 'ERR'

const longestExpression = 512
const deepestNesting = 32
/** From here on doubles have no decimals worth printing and soon no exact integers. */
const largestResult = 1e15

/**
 * Evaluates an expression as a model wrote it.
 *
 * @returns `formatResult` of its value; `ERR` where it does not parse, is longer than 512 characters, nests deeper than
 *   32, or where it or any step of it is not a finite number below 10^15 in size
 */
export function calculate(expression: string): string {
  const value = evaluate(expression)
  return value === undefined ? calculatorError : formatResult(value)
}

/**
 * How results print: a whole number without a point (`4`, `-60`); any other with exactly two decimals, rounded half
 * away from zero on the double's exact binary value (`0.10`, `56.15`; `1.005` is below the half and gives `1.00`).
 * A number just below zero keeps its sign (`-0.00`), so that a comparison by subtraction stays readable.
 *
 * @param value finite, below 10^15 in size
 */
export function formatResult(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}

function evaluate(expression: string): number | undefined {
  if (expression.length > longestExpression) return undefined
  const tokens = tokenise(expression)
  if (tokens === undefined) return undefined
  const reader: Reader = { tokens, place: 0, depth: 0 }
  const value = comparison(reader)
  return value === undefined || reader.place !== tokens.length ? undefined : value
}

interface Reader {
  readonly tokens: readonly string[]
  place: number
  /** Rules entered and not left; bounds the recursion. */
  depth: number
}

/** Numbers, signs and functions' names in order; undefined where anything else stands between them. */
function tokenise(expression: string): string[] | undefined {
  const tokens: string[] = []
  const token = /\s*(\d+(?:\.\d+)?|[<>]=?|[-+*/^()]|ln|exp|N)\s*/y
  while (token.lastIndex < expression.length) {
    const match = token.exec(expression)
    if (match === null) return undefined
    tokens.push(match[1]!)
  }
  return tokens
}

function comparison(reader: Reader): number | undefined {
  const left = sum(reader)
  const sign = reader.tokens[reader.place]
  if (left === undefined || sign === undefined || !/^[<>]/.test(sign)) return left
  reader.place++
  const right = sum(reader)
  if (right === undefined) return undefined
  switch (sign) {
    case '>':
      return Number(left > right)
    case '<':
      return Number(left < right)
    case '>=':
      return Number(left >= right)
    default:
      return Number(left <= right)
  }
}

function sum(reader: Reader): number | undefined {
  let value = product(reader)
  while (value !== undefined) {
    if (take(reader, '+')) value = bounded(value, product(reader), (a, b) => a + b)
    else if (take(reader, '-')) value = bounded(value, product(reader), (a, b) => a - b)
    else return value
  }
  return undefined
}

function product(reader: Reader): number | undefined {
  let value = signed(reader)
  while (value !== undefined) {
    if (take(reader, '*')) value = bounded(value, signed(reader), (a, b) => a * b)
    else if (take(reader, '/')) value = bounded(value, signed(reader), (a, b) => a / b)
    else return value
  }
  return undefined
}

function signed(reader: Reader): number | undefined {
  if (reader.depth >= deepestNesting) return undefined
  reader.depth++
  const value = take(reader, '-') ? bounded(0, signed(reader), (a, b) => a - b) : power(reader)
  reader.depth--
  return value
}

function power(reader: Reader): number | undefined {
  const base = operand(reader)
  if (base === undefined || !take(reader, '^')) return base
  return bounded(base, signed(reader), (a, b) => a ** b)
}

function operand(reader: Reader): number | undefined {
  if (take(reader, '(')) {
    const value = comparison(reader)
    return take(reader, ')') ? value : undefined
  }
  const token = reader.tokens[reader.place]
  if (token === undefined) return undefined
  const applied = functions.get(token)
  if (applied === undefined && !/^\d/.test(token)) return undefined
  reader.place++
  if (applied !== undefined) {
    return reader.tokens[reader.place] === '(' ? bounded(0, operand(reader), (_, b) => applied(b)) : undefined
  }
  return bounded(0, Number(token), (a, b) => a + b)
}

const functions: ReadonlyMap<string, (x: number) => number> = new Map([
  ['ln', ln],
  ['exp', exp],
  ['N', normalCdf],
])

function take(reader: Reader, sign: string): boolean {
  if (reader.tokens[reader.place] !== sign) return false
  reader.place++
  return true
}

/** The step's value where it is a number that the calculator knows; NaN and infinities fail the comparison. */
function bounded(a: number, b: number | undefined, step: (a: number, b: number) => number): number | undefined {
  if (b === undefined) return undefined
  const value = step(a, b)
  return Math.abs(value) < largestResult ? value : undefined
}
