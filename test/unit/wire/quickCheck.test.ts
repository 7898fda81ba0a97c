import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axonMessageSchema } from '../../../src/wire/axonMessage.ts'
import { callerMessageSchema } from '../../../src/wire/callerMessage.ts'
import { isSurelyAsk, isSurelyDone, isSurelyHello } from '../../../src/wire/quickCheck.ts'
import { ask, done, hello } from './arbitraryMessages.ts'

/** What JSON can hold in place of a field, values at the edges of what is allowed among them. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    'user',
    0,
    1,
    -1,
    0.5,
    131_072,
    131_073,
    2 ** 32,
    2 ** 53,
    Number.MAX_VALUE,
    [],
    {},
  ),
  fc.constantFrom('ab'.repeat(32), 'AB'.repeat(32), 'cd'.repeat(64), 'law', 'a:1', 'a:1\n'),
  fc.jsonValue(),
)

/** A valid message with up to three fields at any depth changed, removed or added. */
function spoilt<T extends object>(valid: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('set' as const, 'remove' as const, 'add' as const),
    value: anything,
    name: fc.constantFrom('extra', '__proto__', 'constructor', 'receipt', 'seed', 'text', 'confidence'),
  })
  return fc.tuple(valid, fc.array(change, { maxLength: 3 })).map(([message, changes]) => {
    // Through JSON at the end, as on the wire: `__proto__` is a key like others there.
    let text = JSON.stringify(message)
    for (const { at, how, value, name } of changes) {
      const root: unknown = JSON.parse(text)
      const holders = objectsIn(root)
      if (holders.length === 0) break
      const holder = holders[at % holders.length]!
      const keys = Object.keys(holder)
      const key = keys[at % Math.max(1, keys.length)]
      if (how === 'add')
        Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
      else if (key !== undefined && how === 'set') holder[key] = value
      else if (key !== undefined) delete holder[key]
      text = JSON.stringify(root)
    }
    return JSON.parse(text) as unknown
  })
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)]
}

test('an ask that passes the quick check passes the schema, unchanged', () => {
  let passed = 0
  fc.assert(
    fc.property(spoilt(ask), (value) => {
      if (!isSurelyAsk(value)) return
      passed++
      expect(callerMessageSchema.parse(value)).toEqual(value)
    }),
    { numRuns: 5_000 },
  )
  expect(passed).toBeGreaterThan(500)
})

test('a hello that passes the quick check passes the schema, unchanged', () => {
  let passed = 0
  fc.assert(
    fc.property(spoilt(hello), (value) => {
      if (!isSurelyHello(value)) return
      passed++
      expect(callerMessageSchema.parse(value)).toEqual(value)
    }),
    { numRuns: 2_000 },
  )
  expect(passed).toBeGreaterThan(200)
})

test('an answer that passes the quick check passes the schema, unchanged', () => {
  let passed = 0
  fc.assert(
    fc.property(spoilt(done), (value) => {
      if (!isSurelyDone(value)) return
      passed++
      expect(axonMessageSchema.parse(value)).toEqual(value)
    }),
    { numRuns: 5_000 },
  )
  expect(passed).toBeGreaterThan(500)
})

test('the hello, the plain ask and the plain answer, which are nearly all, pass the quick check', () => {
  fc.assert(
    fc.property(ask, done, hello, (one, other, first) => {
      expect(isSurelyHello(first)).toBe(true)
      const { messages, maxTokens, temperature } = one.request
      expect(isSurelyAsk({ ...one, request: { messages, maxTokens, temperature } })).toBe(true)
      expect(isSurelyDone(other)).toBe(true)
    }),
  )
})
