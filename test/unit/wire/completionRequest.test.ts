import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/base/errors.ts'
import { parseInput } from '../../../src/base/parse.ts'
import { askRequestSchema } from '../../../src/wire/askRequest.ts'
import { askRequestOf, completionRequestSchema } from '../../../src/wire/completionRequest.ts'

const least = { model: 'law', messages: [{ role: 'user', content: 'May a minor sell a car?' }] }

const part = { type: 'text', text: 'x' }

const faultOf = (body: object): string | undefined => {
  try {
    parseInput(completionRequestSchema, body, '')
    return undefined
  } catch (error) {
    if (error instanceof InputError) return error.failure.field
    throw error
  }
}

describe('a chat completion request', () => {
  it('becomes what a miner is asked, in the form that miners take', () => {
    const body = {
      ...least,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'May a minor ' },
            { type: 'text', text: 'sell a car?' },
          ],
        },
      ],
      max_completion_tokens: 40,
      max_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      min_p: 0.1,
      seed: 11,
      stop: '\n',
    }
    const request = askRequestOf(parseInput(completionRequestSchema, body, ''))
    expect(request).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'May a minor sell a car?' },
      ],
      maxTokens: 40,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      minP: 0.1,
      seed: 11,
      stop: ['\n'],
    })
    expect(askRequestSchema.parse(request)).toEqual(request)
  })

  it('may leave everything out, or say null, or what OpenAI clients add without meaning', () => {
    const noise = { user: 'u-1', store: false, metadata: { a: 'b' }, parallel_tool_calls: true, service_tier: 'auto' }
    const defaults = { n: 1, tools: [], tool_choice: 'none', response_format: { type: 'text' }, logprobs: false }
    const nulls = { temperature: null, top_p: null, max_tokens: null, stop: null, seed: null, stream: null, n: null }
    for (const extra of [{}, noise, defaults, nulls, { frequency_penalty: 0, logit_bias: {}, modalities: ['text'] }]) {
      const request = askRequestOf(parseInput(completionRequestSchema, { ...least, ...extra }, ''))
      expect(request).toEqual({ messages: least.messages, maxTokens: 256, temperature: 0 })
    }
  })

  const faults: readonly [name: string, extra: object, field: string][] = [
    ['no model', { model: undefined }, 'model'],
    ['no messages', { messages: [] }, 'messages'],
    ['a message of a tool', { messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages.0.content',
    ],
    ['a message without text', { messages: [{ role: 'user' }] }, 'messages.0.content'],
    ['a temperature in words', { temperature: 'hot' }, 'temperature'],
    ['too high a temperature', { temperature: 3 }, 'temperature'],
    ['a fraction of a token', { max_tokens: 1.5 }, 'max_tokens'],
    ['no tokens', { max_completion_tokens: 0 }, 'max_completion_tokens'],
    ['an impossible top_p', { top_p: 1.1 }, 'top_p'],
    ['a stop that is no text', { stop: [1] }, 'stop'],
    [
      'more parts than a message may have',
      { messages: [{ role: 'user', content: Array(65).fill(part) }] },
      'messages.0.content',
    ],
    ['more messages than may be', { messages: Array(65).fill(least.messages[0]) }, 'messages'],
    ['two answers', { n: 2 }, 'n'],
    ['tools', { tools: [{ type: 'function' }] }, 'tools'],
    ['functions', { functions: [{ name: 'f' }] }, 'functions'],
    ['a forced tool', { tool_choice: 'required' }, 'tool_choice'],
    ['JSON answers', { response_format: { type: 'json_object' } }, 'response_format'],
    ['log probabilities', { logprobs: true }, 'logprobs'],
    ['favoured tokens', { logit_bias: { 5: 10 } }, 'logit_bias'],
    ['a penalty', { presence_penalty: 0.5 }, 'presence_penalty'],
    ['sound', { modalities: ['text', 'audio'] }, 'modalities'],
    ['stream options without a stream', { stream_options: { include_usage: true } }, 'stream_options'],
    ['a stream in words', { stream: 'yes' }, 'stream'],
  ]
  it.each(faults)('is refused with %s, and the field is named', (_name, extra, field) => {
    expect(faultOf(least)).toBeUndefined()
    expect(faultOf({ ...least, ...extra })).toBe(field)
  })
})
