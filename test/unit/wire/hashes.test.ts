import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nativeHash } from '../../../src/axon/nativeHash.ts'
import { canonicalJson, type Json } from '../../../src/wire/canonicalJson.ts'
import { answerHash, requestHash, settingsHash, sha256Hex } from '../../../src/wire/hashes.ts'
import { askRequest, text } from './arbitraryMessages.ts'

const keepText = (value: string): string => value

describe('canonicalJson', () => {
  // RFC 8785, 3.2.3 (sorting of keys) and 3.2.2 (literals, numbers, strings).
  test('the examples of RFC 8785', () => {
    const keys = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '😀': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    }
    expect(Array.from(canonicalJson(keys).matchAll(/:"([^"]*)"/g), ([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
    const values = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalJson(values)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('is JSON of the same value, whatever the order of the keys', () => {
    const shuffled = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(shuffled)
      if (value === null || typeof value !== 'object') return value
      const entries = Object.entries(value) as [string, Json][]
      return Object.fromEntries(entries.reverse().map(([key, inner]) => [key, shuffled(inner)]))
    }
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const spelt = canonicalJson(value as Json)
        expect(JSON.parse(spelt)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(shuffled(value as Json))).toBe(spelt)
      }),
    )
  })

  test('what JSON cannot say is refused, an undefined field is none', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError)
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(/Infinity/)
    expect(canonicalJson({ a: undefined, b: -0 })).toBe('{"b":0}')
  })
})

describe('hashes', () => {
  test('the hand-written text is the canonical JSON of the messages and of the rest', () => {
    fc.assert(
      fc.property(askRequest, (request) => {
        const { messages, ...settings } = request
        expect(requestHash(request, keepText)).toBe(canonicalJson(messages))
        expect(settingsHash(request, keepText)).toBe(canonicalJson(settings as Json))
      }),
      { numRuns: 1_000 },
    )
  })

  test('the portable and the native hash agree, also on halves of surrogate pairs', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.constantFrom('\ud800', 'a\udc00b', '')), (value) => {
        expect(sha256Hex(value)).toBe(nativeHash(value))
        expect(answerHash(value)).toBe(createHash('sha256').update(Buffer.from(value, 'utf8')).digest('hex'))
      }),
    )
  })

  test('vectors that plain tools give', () => {
    const request = {
      messages: [{ role: 'user', content: 'Is 2 + 2 = 4?' }],
      maxTokens: 16,
      temperature: 0.7,
      seed: 1,
      stop: ['\n'],
    } as const
    // printf '[{"content":"Is 2 + 2 = 4?","role":"user"}]' | sha256sum
    expect(requestHash(request)).toBe('5b747bcc9503d888f5ccd22a881937e2047b3fc987d0f8d204cfa9d99f1cc288')
    // printf '{"maxTokens":16,"seed":1,"stop":["\\n"],"temperature":0.7}' | sha256sum
    expect(settingsHash(request)).toBe('326d9bcd4eef9920cbb5d687d1797cbdcb197204a94718acc3e77a93a77f6843')
    // printf 'Yes' | sha256sum
    expect(answerHash('Yes')).toBe('85a39ab345d672ff8ca9b9c6876f3adcacf45ee7c1e2dbd2408fd338bd55e07e')
  })
})
