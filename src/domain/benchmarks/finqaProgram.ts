import type { Result, Table } from './benchmark.ts'

/*
 * FinQA's programs: steps of ten operations, `subtract(5829, 5735), divide(#0, 5735)`, or nested as in `program_re`.
 * `#0` is the result of the first step, `const_100` and `const_m1` are 100 and -1, `9.8%` is 0.098, and the operations
 * on tables take the name of a row and `none`. @see Chen et al., 2021, and facts: verification-and-scoring.md, section 10
 */

type Operation = (typeof onNumbers)[number] | (typeof onRows)[number]
type Argument = { readonly text: string } | Step

interface Step {
  readonly operation: Operation
  readonly arguments: readonly [Argument, Argument]
}

const onNumbers = ['add', 'subtract', 'multiply', 'divide', 'exp', 'greater'] as const
const onRows = ['table_sum', 'table_average', 'table_max', 'table_min'] as const
const longestProgram = 1_000
const mostDepth = 16

/**
 * What a program is worth, rounded to five decimals as the published results are.
 *
 * @returns undefined for what is no program, or one that has no value: a division by nothing, an unknown row
 */
export function runProgram(program: string, table: Table): Result | undefined {
  const steps = parseSteps(program)
  if (steps === undefined) return undefined
  const results: Result[] = []
  for (const step of steps) {
    const result = worthOf(step, table, results)
    if (result === undefined) return undefined
    results.push(result)
  }
  const last = results.at(-1)
  return typeof last === 'number' ? roundedResult(last) : last
}

export function roundedResult(value: number): number {
  return Number(value.toFixed(5))
}

/**
 * A number as FinQA writes it: thousands commas, `%` for hundredths, `const_…`.
 *
 * @returns undefined for all else, exponents and hexadecimal digits included
 */
export function finqaNumber(text: string): number | undefined {
  const [, sign, constant, digits, percent] =
    /^(-)?(?:const_(m?\d+)|((?:\d[\d,]*)?(?:\.\d+)?|\d[\d,]*\.) ?(%)?)$/.exec(text.trim()) ?? []
  const bare = (constant?.replace('m', '-') ?? digits)?.replaceAll(',', '')
  if (bare === undefined || bare === '') return undefined
  const value = Number(bare) * (sign === undefined ? 1 : -1)
  return percent === undefined ? value : value / 100
}

function parseSteps(program: string): Step[] | undefined {
  if (program.length > longestProgram) return undefined
  const steps: Step[] = []
  let at = 0
  for (;;) {
    const parsed = parseStep(program, at, 0)
    if (parsed === undefined) return undefined
    steps.push(parsed.step)
    const gap = /\s*(,?)\s*/y
    gap.lastIndex = parsed.end
    const isMore = gap.exec(program)![1] === ','
    at = gap.lastIndex
    if (at === program.length) return isMore ? undefined : steps
    if (!isMore) return undefined
  }
}

function parseStep(text: string, start: number, depth: number): { step: Step; end: number } | undefined {
  if (depth > mostDepth) return undefined
  const head = /\s*([a-z_]+)\s*\(\s*/y
  head.lastIndex = start
  const name = head.exec(text)?.[1]
  if (name === undefined) return undefined
  if (isOneOf(onRows, name)) {
    // A row's name may hold commas and brackets, so what ends it is looked for.
    const rest = /\s*,\s*none\s*\)/g
    rest.lastIndex = head.lastIndex
    const end = rest.exec(text)
    if (end === null) return undefined
    const row = { text: text.slice(head.lastIndex, end.index) }
    return { step: { operation: name, arguments: [row, { text: 'none' }] }, end: rest.lastIndex }
  }
  if (!isOneOf(onNumbers, name)) return undefined
  const first = parseArgument(text, head.lastIndex, depth)
  const between = /\s*,\s+|\s*,(?=[^\d])/y
  if (first === undefined) return undefined
  between.lastIndex = first.end
  if (between.exec(text) === null) return undefined
  const second = parseArgument(text, between.lastIndex, depth)
  if (second === undefined) return undefined
  const close = /\s*\)/y
  close.lastIndex = second.end
  if (close.exec(text) === null) return undefined
  return { step: { operation: name, arguments: [first.argument, second.argument] }, end: close.lastIndex }
}

function parseArgument(text: string, start: number, depth: number): { argument: Argument; end: number } | undefined {
  const nested = parseStep(text, start, depth + 1)
  if (nested !== undefined) return { argument: nested.step, end: nested.end }
  // A comma between digits stands for thousands, one before a blank ends the argument.
  const atom = /(?:[^\s,()]|,(?=\d))+/y
  atom.lastIndex = start
  const found = atom.exec(text)
  return found === null ? undefined : { argument: { text: found[0] }, end: atom.lastIndex }
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return names.some((one) => one === name)
}

function worthOf(step: Step, table: Table, results: readonly Result[]): Result | undefined {
  const [first, second] = step.arguments
  if (isOneOf(onRows, step.operation)) return rowValue(step.operation, 'text' in first ? first.text : '', table)
  const a = argumentValue(first, table, results)
  const b = argumentValue(second, table, results)
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  const value = numberOperations[step.operation as (typeof onNumbers)[number]](a, b)
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : value
}

const numberOperations: Record<(typeof onNumbers)[number], (a: number, b: number) => Result> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  exp: (a, b) => a ** b,
  greater: (a, b) => (a > b ? 'yes' : 'no'),
}

function argumentValue(argument: Argument, table: Table, results: readonly Result[]): Result | undefined {
  if (!('text' in argument)) return worthOf(argument, table, results)
  const step = /^#(\d{1,3})$/.exec(argument.text)?.[1]
  return step === undefined ? finqaNumber(argument.text) : results[Number(step)]
}

function rowValue(operation: (typeof onRows)[number], name: string, table: Table): number | undefined {
  // Of rows with one name the last counts, as in the published evaluation.
  const row = table.findLast(([cell]) => cell?.trim() === name.trim())?.slice(1)
  const numbers = row?.map(cellNumber)
  if (numbers === undefined || numbers.length === 0) return undefined
  const known = numbers.filter((number) => number !== undefined)
  if (known.length !== numbers.length) return undefined
  const sum = known.reduce((total, number) => total + number, 0)
  if (operation === 'table_sum') return sum
  if (operation === 'table_average') return sum / known.length
  return operation === 'table_max' ? Math.max(...known) : Math.min(...known)
}

/** `$ 1,234 ( 2 )` → 1234: what stands in brackets repeats the number in another dress. */
function cellNumber(cell: string): number | undefined {
  return finqaNumber(cell.replaceAll('$', '').split('(')[0]!.trim())
}
