import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyHash } from '../../../../src/wire/bittensor/bodyHash.ts'
import { type ChatAsk, readChatSynapse, writeChatSynapse } from '../../../../src/wire/bittensor/chatSynapse.ts'
import { askRequestOf, completionRequestSchema } from '../../../../src/wire/completionRequest.ts'
import { askRequest } from '../arbitraryMessages.ts'

const messages = [{ role: 'user', content: "naïve 'café'\n" }]

function taken(body: object): ChatAsk {
  const read = readChatSynapse(body)
  if (!read.ok) throw new Error(read.detail)
  return read.ask
}

describe('the hash of a question', () => {
  test('is over four fields for a class with no more, defaults filled in as pydantic does', () => {
    const wanted = bodyHash(['law', messages, 256n, 0])
    expect(taken({ domain: 'law', messages }).bodyHash()).toBe(wanted)
    expect(taken({ domain: 'law', messages, max_tokens: 256, temperature: 0 }).bodyHash()).toBe(wanted)
  })

  test('is over nine for a class that has them, set or not', () => {
    const wanted = bodyHash(['law', messages, 256n, 0, null, null, null, 7n, ['.']])
    const body = { domain: 'law', messages, top_p: null, top_k: null, min_p: null, seed: 7, stop: ['.'] }
    expect(taken(body).bodyHash()).toBe(wanted)
  })

  test('follows the order of keys in the messages as they came', () => {
    const turned = [{ content: 'hi', role: 'user' }]
    expect(taken({ domain: 'law', messages: turned }).bodyHash()).toBe(bodyHash(['law', turned, 256n, 0]))
    expect(taken({ domain: 'law', messages: turned }).bodyHash()).not.toBe(
      taken({ domain: 'law', messages: [{ role: 'user', content: 'hi' }] }).bodyHash(),
    )
  })

  test('changes with every field, and with a value that moves to another field', () => {
    const bodies: object[] = [
      { domain: 'law', messages },
      { domain: 'tax', messages },
      { domain: 'law', messages: [{ role: 'system', content: "naïve 'café'\n" }] },
      { domain: 'law', messages, max_tokens: 5 },
      { domain: 'law', messages, temperature: 1 },
      { domain: 'law', messages, top_p: 1 },
      { domain: 'law', messages, top_k: 1 },
      { domain: 'law', messages, min_p: 1 },
      { domain: 'law', messages, seed: 1 },
      { domain: 'law', messages, stop: ['1'] },
      { domain: 'law', messages, seed: null },
    ]
    expect(new Set(bodies.map((body) => taken(body).bodyHash())).size).toBe(bodies.length)
  })
})

test('what is written is read back, with the same hash', () => {
  fc.assert(
    fc.property(askRequest, (request) => {
      const { body, bodyHash: written } = writeChatSynapse('law', request)
      const ask = taken(JSON.parse(JSON.stringify({ name: 'FacultyChat', timeout: 12.5, ...body })))
      expect(ask.request).toEqual(request)
      expect(ask.bodyHash()).toBe(written)
    }),
  )
})

test.each<[string, object]>([
  ['domain', { messages }],
  ['domain', { domain: '../etc', messages }],
  ['messages', { domain: 'law', messages: [] }],
  ['messages.0', { domain: 'law', messages: [{ role: 'user', content: 'x', name: 'eve' }] }],
  ['max_tokens', { domain: 'law', messages, max_tokens: 0 }],
  ['temperature', { domain: 'law', messages, temperature: '0' }],
  ['stop.0', { domain: 'law', messages, stop: [''] }],
])('%s at fault is named', (field, body) => {
  expect(readChatSynapse(body)).toEqual({ ok: false, detail: expect.stringMatching(new RegExp(`^${field}: `)) })
})

test('anything is read without a throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => typeof readChatSynapse(value).ok === 'boolean'))
  fc.assert(
    fc.property(fc.jsonValue(), (value) => typeof completionRequestSchema.safeParse(value).success === 'boolean'),
  )
})

describe('a chat completion', () => {
  test('asks the same as a synapse', () => {
    const settings = { top_p: 0.5, top_k: 4, min_p: 0.1, seed: 9, stop: '.' }
    const read = completionRequestSchema.parse({
      model: 'law',
      messages,
      max_tokens: 5,
      temperature: 1,
      stream: true,
      ...settings,
    })
    const { request } = taken({ domain: 'law', messages, max_tokens: 5, temperature: 1, ...settings, stop: ['.'] })
    expect(askRequestOf(read)).toEqual(request)
  })

  test.each([{ n: 2 }, { tools: [{}] }, { temperature: 3 }])('%j is refused', (option) => {
    expect(completionRequestSchema.safeParse({ model: 'law', messages, ...option }).success).toBe(false)
  })
})
