/** A Python value as `model_dump` gives it: `bigint` is Python's int, `number` its float. */
export type PythonValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue }

/**
 * What Python's `str(value)` gives, which SDK 10 hashes: a text stands for itself, and inside lists and dicts for its
 * `repr`. Which characters count as printable follows this runtime's Unicode version, which may be a year apart from the
 * peer's.
 *
 * @see facts: bittensor-wire.md, 1.4
 */
export function pythonText(value: PythonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

function pythonRepr(value: PythonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return reprOfText(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return reprOfFloat(value)
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`
  const entries = Object.entries(value).map(([key, inner]) => `${reprOfText(key)}: ${pythonRepr(inner)}`)
  return `{${entries.join(', ')}}`
}

/** Both languages write the fewest digits that give the number back; they differ in where the exponent begins. */
function reprOfFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [mantissa = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
/** Other, and separators but for the space. */
const unprintable = /[\p{C}\p{Z}]/u

function reprOfText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let quoted = quote
  for (const char of text) {
    if (char === quote) quoted += `\\${char}`
    else if (char !== ' ' && (char in named || unprintable.test(char))) quoted += named[char] ?? escaped(char)
    else quoted += char
  }
  return quoted + quote
}

function escaped(char: string): string {
  const code = char.codePointAt(0)!
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value)
}
