import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../src/engine/engineError.ts'
import {
  defaultUpstreamLimits,
  isTooLong,
  refusalError,
  transportError,
  verdictOn,
} from '../../../src/engine/upstreamError.ts'

const url = 'http://a:1/v1'
const refusal = (status: number, body: unknown) => ({
  url,
  status,
  retryAfter: undefined,
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('a refusal for length', () => {
  it.each([
    ["This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"],
    ['The prompt (total length 5000) is longer than the maximum model length of 4096.'],
    ["'max_tokens' or 'max_completion_tokens' is too large: 4000."],
    ["The input (5000 tokens) is longer than the model's context length (4096 tokens)."],
    ["Requested token count exceeds the model's maximum context length of 4096 tokens."],
    ['request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it'],
    ['Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens'],
  ])('is known: %s', (message) => {
    expect([isTooLong(refusal(400, { error: { message } })), isTooLong(refusal(422, { error: message }))]).toEqual([
      true,
      true,
    ])
    // What is broken is not long.
    expect(isTooLong(refusal(500, { error: { message } }))).toBe(false)
  })

  it.each(['top_k must be positive', 'logprobs is not supported', 'unknown field min_p', 'no such model'])(
    'is not: %s',
    (message) => {
      expect(isTooLong(refusal(400, { error: { message } }))).toBe(false)
    },
  )
})

describe('what a server says', () => {
  it.each([
    ['as OpenAI, vLLM and llama.cpp do', { error: { message: 'bad seed', type: 'x' } }, 'bad seed'],
    ['as TGI does', { error: 'bad seed', error_type: 'validation' }, 'bad seed'],
    ['as an older vLLM does', { object: 'error', message: 'bad seed', code: 400 }, 'bad seed'],
    ['as FastAPI does', { detail: 'bad seed' }, 'bad seed'],
    ['as none does', { errors: [1] }, '{"errors":[1]}'],
    ['as a proxy does', '<html>\n  <b>no</b>', '<html> <b>no</b>'],
    ['not at all', '', 'nothing more'],
  ])('is shown: %s', (_how, body, shown) => {
    expect(refusalError(refusal(400, body), undefined).message).toBe(
      `the inference server refuses the request with 400: ${shown}`,
    )
    expect(refusalError(refusal(503, body), undefined).message).toBe(`${url} answers 503: ${shown}`)
  })
})

describe('what the network says', () => {
  const coded = (code: string): Error => Object.assign(new Error('x'), { code })

  it.each([
    ['UND_ERR_CONNECT_TIMEOUT', 5_000],
    ['UND_ERR_HEADERS_TIMEOUT', 60_000],
    ['UND_ERR_BODY_TIMEOUT', 30_000],
  ])('%s is a time-out', (code, afterMs) => {
    const error = transportError(url, coded(code), defaultUpstreamLimits)
    expect(error.failure).toEqual({ code: 'timeout', url, afterMs })
    expect(verdictOn(error)).toEqual({ event: 'failed', retry: 'never' })
  })

  it.each(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET', 'ENOTFOUND'])('%s may be tried again', (code) => {
    const error = transportError(url, coded(code), defaultUpstreamLimits)
    expect(error).toMatchObject({ failure: { code: 'upstream', url }, message: expect.stringContaining(code) })
    expect(verdictOn(error)).toEqual({ event: 'failed', retry: 'anywhere' })
  })
})

it.each([
  [{ code: 'upstream', url, status: 503 }, 'failed', 'anywhere'],
  [{ code: 'upstream', url, status: 500 }, 'dropped', 'anywhere'],
  [{ code: 'upstream', url, status: 429 }, 'dropped', 'anywhere'],
  [{ code: 'upstream', url, status: 200 }, 'dropped', 'anywhere'],
  [{ code: 'upstream', url, status: 401 }, 'ill', 'elsewhere'],
  [{ code: 'upstream', url, status: 403 }, 'dropped', 'elsewhere'],
  [{ code: 'upstream', url, status: 307 }, 'ill', 'elsewhere'],
  [{ code: 'bad-request', field: 'request', value: 400 }, 'dropped', 'never'],
  [{ code: 'too-long', promptTokens: 9, contextTokens: 8 }, 'dropped', 'never'],
] as const)('%j says %s of the server and asks again %s', (failure, event, retry) => {
  expect(verdictOn(new EngineError('x', failure))).toEqual({ event, retry })
})
