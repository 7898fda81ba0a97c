import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyHash, emptyBodyHash, sha3Hex } from '../../../../src/wire/bittensor/bodyHash.ts'
import { type PythonValue, pythonText } from '../../../../src/wire/bittensor/pythonText.ts'
import { anyText, vectors } from './vectors.ts'

/** The values behind the vectors' texts; what CPython makes of them stands in the file. */
const values: Readonly<Record<string, PythonValue>> = {
  hello: 'hello',
  '7': 7n,
  '1.0': 1,
  '0.1': 0.1,
  '1e+16': 1e16,
  '1e-05': 0.00001,
  True: true,
  None: null,
  "['hello', \"it's\", 'a\"b']": ['hello', "it's", 'a"b'],
  '[1, 2.5, True, None]': [1n, 2.5, true, null],
  "{'role': 'user', 'content': 'naïve café\\n'}": { role: 'user', content: 'naïve café\n' },
  "[{'role': 'user', 'content': 'hi'}]": [{ role: 'user', content: 'hi' }],
  "['😀', '\\u200b']": ['😀', '\u200b'],
}

describe('as CPython writes and SDK 10 hashes', () => {
  test.each(
    vectors.python_str_body_hash.map((one) => [one.fields.map(({ py }) => py).join(' and ') || 'nothing', one]),
  )('%s', (_name, { fields, final }) => {
    const given = fields.map(({ py }) => values[py]!)
    expect(given.map(pythonText)).toEqual(fields.map(({ py }) => py))
    expect(fields.map(({ py }) => sha3Hex(py))).toEqual(fields.map(({ sha3 }) => sha3))
    expect(bodyHash(given)).toBe(final)
  })

  test('no field', () => {
    expect(bodyHash([])).toBe(emptyBodyHash)
  })

  // Each line is `repr` of CPython 3.11.
  test.each<[PythonValue, string]>([
    [[0.0001], '[0.0001]'],
    [[0.00001234], '[1.234e-05]'],
    [[1234567890123456], '[1234567890123456.0]'],
    [[1.5e300], '[1.5e+300]'],
    [[-0], '[-0.0]'],
    [[123.456], '[123.456]'],
    [[-7n, 12345678901234567890n], '[-7, 12345678901234567890]'],
    [['both \' and "'], "['both \\' and \"']"],
    [['\\ \t \r \x00 \x7f \xa0 \xad'], "['\\\\ \\t \\r \\x00 \\x7f \\xa0 \\xad']"],
    [['\u2028 \ufeff \u{e0001} \ud800'], "['\\u2028 \\ufeff \\U000e0001 \\ud800']"],
    [[[], {}, { a: [{ b: null }] }], "[[], {}, {'a': [{'b': None}]}]"],
  ])('%s', (value, text) => {
    expect(pythonText(value)).toBe(text)
  })
})

test('a float reads back as the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = pythonText([value]).slice(1, -1)
      expect(Number(text)).toBe(value)
      expect(text).toMatch(/^-?(\d+\.\d+|\d(\.\d+)?e[+-]\d{2,})$/)
    }),
  )
})

test('texts inside a list never run into each other', () => {
  const list = fc.array(anyText, { maxLength: 4 })
  fc.assert(
    fc.property(list, list, (a, b) => {
      expect(pythonText(a) === pythonText(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
  )
})
