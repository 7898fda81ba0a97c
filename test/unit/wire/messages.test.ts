import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AxonMessage } from '../../../src/wire/axonMessage.ts'
import type { CallerMessage } from '../../../src/wire/callerMessage.ts'
import { hasMoreKeys } from '../../../src/wire/hasMoreKeys.ts'
import { readAxonMessage, readCallerMessage } from '../../../src/wire/readMessage.ts'
import { wireLimits } from '../../../src/wire/wireLimits.ts'
import { writeAxonMessage, writeCallerMessage } from '../../../src/wire/writeMessage.ts'
import * as arbitrary from './arbitraryMessages.ts'

const hash = 'ab'.repeat(32)
const signature = 'cd'.repeat(64)
const genesis = `0x${'01'.repeat(32)}`
const address = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const request = { messages: [{ role: 'user', content: 'May he appeal?' }], maxTokens: 64, temperature: 0 }
const seal = {
  requestHash: hash,
  settingsHash: hash,
  modelFingerprint: hash,
  answerHash: hash,
  issuedAtMs: 1_700_000_000_000,
  signature,
}

const fromCaller = {
  hello: {
    type: 'hello',
    protocol: 1,
    caller: address,
    axon: address,
    genesis,
    netuid: 2,
    channel: hash,
    timestampMs: 1,
    signature,
  },
  ask: { type: 'ask', id: 'a:1', domain: 'law', request, deadlineMs: 1000 },
  cancel: { type: 'cancel', id: 'a:1' },
  ping: { type: 'ping' },
}

const fromAxon = {
  welcome: {
    type: 'welcome',
    protocol: 1,
    hotkey: address,
    genesis,
    netuid: 2,
    domains: ['law'],
    models: [{ domain: 'law', name: 'law/expert', fingerprint: hash }],
    limits: { maxFrameBytes: 1, maxPending: 1, maxDeadlineMs: 1, heartbeatMs: 1, idleMs: 1 },
  },
  piece: { type: 'piece', id: 'a:1', text: 'Yes, ' },
  done: {
    type: 'done',
    id: 'a:1',
    text: 'if in time.',
    reason: 'stop',
    promptTokens: 5,
    completionTokens: 7,
    confidence: 0.5,
    traceHash: hash,
    receipt: seal,
  },
  error: { type: 'error', id: 'a:1', code: 'busy', message: 'later', retryAfterMs: 100 },
  pong: { type: 'pong' },
  goodbye: { type: 'goodbye', reason: 'draining' },
}

const heldAs = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** A copy with one field, named by its path, set to something else; `undefined` takes it away. */
function withField(message: object, path: string, value: unknown): unknown {
  const copy = structuredClone(message) as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop()!
  let inner = copy
  for (const name of names) inner = inner[name] as Record<string, unknown>
  if (value === undefined) delete inner[last]
  else inner[last] = value
  return copy
}

describe('what is written is read back', () => {
  const callers = fc.oneof<fc.Arbitrary<CallerMessage>[]>(
    arbitrary.ask,
    arbitrary.hello,
    arbitrary.id.map((id) => ({ type: 'cancel', id })),
    fc.constant({ type: 'ping' }),
  )
  const axons = fc.oneof<fc.Arbitrary<AxonMessage>[]>(
    arbitrary.done,
    arbitrary.error,
    arbitrary.welcome,
    fc.record({ type: fc.constant('piece' as const), id: arbitrary.id, text: arbitrary.text }),
    fc.constant({ type: 'pong' }),
    fc.constantFrom({ type: 'goodbye', reason: 'draining' }, { type: 'goodbye', reason: 'idle' }),
  )

  test('from callers', () => {
    fc.assert(
      fc.property(callers, (message) => {
        expect(readCallerMessage(writeCallerMessage(message))).toEqual({ ok: true, message: heldAs(message) })
      }),
      { numRuns: 500 },
    )
  })

  test('from axons', () => {
    fc.assert(
      fc.property(axons, (message) => {
        expect(readAxonMessage(writeAxonMessage(message))).toEqual({ ok: true, message: heldAs(message) })
      }),
      { numRuns: 500 },
    )
  })
})

describe('a message is refused with the field named', () => {
  const wrongFromCaller: readonly [type: keyof typeof fromCaller, path: string, value: unknown][] = [
    ['hello', 'protocol', '1'],
    ['hello', 'caller', '4GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'],
    ['hello', 'axon', `${address}\n`],
    ['hello', 'genesis', hash],
    ['hello', 'netuid', 65_536],
    ['hello', 'channel', hash.toUpperCase()],
    ['hello', 'timestampMs', -1],
    ['hello', 'signature', undefined],
    ['ask', 'id', 'a b'],
    ['ask', 'id', 'a'.repeat(65)],
    ['ask', 'domain', 'Law'],
    ['ask', 'deadlineMs', 0],
    ['ask', 'deadlineMs', 1.5],
    ['ask', 'receipt', 'no'],
    ['ask', 'request', undefined],
    ['ask', 'request.messages', []],
    ['ask', 'request.messages', Array.from({ length: wireLimits.maxMessages + 1 }, () => request.messages[0])],
    ['ask', 'request.messages.0.role', 'tool'],
    ['ask', 'request.messages.0.content', null],
    ['ask', 'request.maxTokens', wireLimits.maxTokens + 1],
    ['ask', 'request.temperature', 10.5],
    ['ask', 'request.topP', 0],
    ['ask', 'request.topK', 0],
    ['ask', 'request.minP', 2],
    ['ask', 'request.seed', 0.5],
    ['ask', 'request.stop.0', ''],
    ['cancel', 'id', 7],
  ]
  test.each(wrongFromCaller)('%s.%s = %j', (type, path, value) => {
    const base = path === 'request.stop.0' ? withField(fromCaller.ask, 'request.stop', ['x']) : fromCaller[type]
    const read = readCallerMessage(JSON.stringify(withField(base as object, path, value)))
    expect(read).toMatchObject({ ok: false, code: 'bad-message', detail: expect.stringContaining(`${path}: `) })
  })

  const wrongFromAxon: readonly [type: keyof typeof fromAxon, path: string, value: unknown][] = [
    ['welcome', 'hotkey', 'me'],
    ['welcome', 'domains.0', ''],
    ['welcome', 'models.0.fingerprint', 'ab'],
    ['welcome', 'limits.maxPending', 0],
    ['piece', 'text', undefined],
    ['done', 'reason', 'cancelled'],
    ['done', 'promptTokens', 2 ** 32],
    ['done', 'completionTokens', -1],
    ['done', 'confidence', 1.01],
    ['done', 'traceHash', signature],
    ['done', 'receipt.signature', hash],
    ['done', 'receipt.issuedAtMs', '1'],
    ['done', 'receipt.answerHash', undefined],
    ['error', 'code', 'no-such-code'],
    ['error', 'message', 'x'.repeat(wireLimits.maxErrorChars + 1)],
    ['error', 'retryAfterMs', -1],
    ['goodbye', 'reason', 'bored'],
  ]
  test.each(wrongFromAxon)('%s.%s = %j', (type, path, value) => {
    const read = readAxonMessage(JSON.stringify(withField(fromAxon[type], path, value)))
    expect(read).toMatchObject({ ok: false, code: 'bad-message', detail: expect.stringContaining(`${path}: `) })
  })

  test.each(Object.entries(fromCaller))('%s with a key that nobody knows', (_type, message) => {
    expect(readCallerMessage(JSON.stringify({ ...message, hurry: true }))).toMatchObject({
      ok: false,
      code: 'bad-message',
      detail: expect.stringContaining('hurry'),
    })
  })

  test.each(Object.entries(fromAxon))('but a %s may say more than its reader knows', (_type, message) => {
    expect(readAxonMessage(JSON.stringify({ ...message, mood: 'fine' }))).toEqual({ ok: true, message })
  })

  test.each(['{"type":"bye"}', '{}', '[]', 'null', '3', '"ping"'])('%s', (text) => {
    expect(readCallerMessage(text)).toMatchObject({ ok: false, code: 'bad-message' })
    expect(readAxonMessage(text)).toMatchObject({ ok: false, code: 'bad-message' })
  })

  test('and with the ask that it seems to be about', () => {
    expect(readCallerMessage('{"type":"ask","id":"a:1"}')).toMatchObject({ ok: false, id: 'a:1' })
    expect(readCallerMessage('{"type":"ask","id":"a 1"}')).toMatchObject({ ok: false, id: undefined })
  })
})

describe('frames that are no messages at all', () => {
  test('any text is read without a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(typeof readCallerMessage(text).ok).toBe('boolean')
        expect(typeof readAxonMessage(text).ok).toBe('boolean')
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(['', '{', '{"type":"ping"} x', "{'type':'ping'}", 'NaN'])('%j is not JSON', (text) => {
    expect(readCallerMessage(text)).toMatchObject({ ok: false, code: 'not-json' })
  })

  test('JSON deeper than any message is told apart, short or long', () => {
    const nested = (levels: number, pad: string): string =>
      `{"type":"ping","pad":"${pad}","deep":${'['.repeat(levels)}${']'.repeat(levels)}}`
    for (const pad of ['', 'x'.repeat(10_000), '[{"\\'.replaceAll('\\', '\\\\').replaceAll('"', '\\"').repeat(2_000)]) {
      expect(readCallerMessage(nested(wireLimits.maxJsonDepth - 1, pad))).toMatchObject({ code: 'bad-message' })
      expect(readCallerMessage(nested(wireLimits.maxJsonDepth, pad))).toMatchObject({ code: 'too-deep' })
    }
  })

  test('a quarter of a mebibyte of brackets is refused without being parsed', () => {
    const brackets = '['.repeat(wireLimits.maxCallerFrameBytes)
    const startMs = performance.now()
    for (let i = 0; i < 100; i++) expect(readCallerMessage(brackets)).toMatchObject({ ok: false, code: 'too-deep' })
    // Parsing them takes V8 some 30 ms each.
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })

  test('the keys of a text are counted as a parser would, and not what looks like one in a string', () => {
    const keysOf = (value: unknown): number =>
      value === null || typeof value !== 'object'
        ? 0
        : Object.values(value).reduce(
            (sum: number, one) => sum + keysOf(one),
            Array.isArray(value) ? 0 : Object.keys(value).length,
          )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const keys = keysOf(value)
        expect(hasMoreKeys(JSON.stringify(value), keys)).toBe(false)
        expect(hasMoreKeys(JSON.stringify(value, null, 2), keys - 1)).toBe(keys > 0)
      }),
    )
    const strings = fc.stringMatching(/^[":\\{,]*$/)
    fc.assert(
      fc.property(strings, (text) => {
        expect(hasMoreKeys(JSON.stringify({ [text]: text }), 1)).toBe(false)
      }),
    )
  })

  test('the detail is short, whatever the peer wrote', () => {
    const read = readCallerMessage(JSON.stringify({ ...fromCaller.ping, ['k'.repeat(100_000)]: 1 }))
    expect(read.ok ? '' : read.detail).toHaveLength(wireLimits.maxErrorChars)
  })
})
