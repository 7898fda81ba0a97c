import { Pool } from 'undici'
import { makeSseParser } from '../base/sseParser.ts'
import { makeChatReader } from './chatReader.ts'
import { type ChatFeatures, chatRequest } from './chatRequest.ts'
import { type CircuitEvent, type CircuitState, closedCircuit, lets, nextCircuit } from './circuit.ts'
import type { EngineEvent, GenerateRequest } from './engine.ts'
import { EngineError } from './engineError.ts'
import { isTooLong, type Refusal, refusalError, transportError, type UpstreamLimits } from './upstreamError.ts'

/** One inference server. */
export interface Upstream {
  /** Its address with the path before `/chat/completions`, for people as well. */
  readonly url: string
  readonly inFlight: () => number
  readonly circuit: () => CircuitState
  readonly isAvailable: () => boolean
  note(event: CircuitEvent): void
  /** @returns the body, which is JSON; undefined for 404. @throws EngineError */
  get(path: string, signal: AbortSignal): Promise<string | undefined>
  /**
   * Asks once.
   *
   * @param contextTokens of the model, for errors
   * @throws EngineError; whatever undici throws where `signal` fires
   */
  ask(request: GenerateRequest, contextTokens: number, signal: AbortSignal): AsyncGenerator<EngineEvent, void>
  close(): Promise<void>
}

export interface UpstreamOptions {
  readonly url: URL
  readonly model: string
  readonly key?: string | undefined
  readonly limits: UpstreamLimits
}

/** More than any token with its log-probability needs; a line without an end would fill the memory. */
const maxEventChars = 1024 * 1024
const maxBodyBytes = 1024 * 1024
/** A page about a model waits for no queue. */
const longestPageMs = 10_000

export function makeUpstream({ url: address, model, key, limits }: UpstreamOptions): Upstream {
  // A bare address is that of the server, any path that of its interface.
  const prefix = address.pathname.replace(/\/+$/, '') || '/v1'
  const url = `${address.origin}${prefix}`
  const pool = new Pool(address.origin, {
    connect: { timeout: limits.connectMs },
    bodyTimeout: limits.silenceMs,
  })
  const headers = {
    accept: 'text/event-stream, application/json',
    'content-type': 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  }
  let circuit: CircuitState = closedCircuit
  let inFlight = 0
  let features: ChatFeatures = { logprobs: true }

  const send = async (method: 'GET' | 'POST', path: string, signal: AbortSignal, body?: string) => {
    const firstByteMs = method === 'GET' ? Math.min(limits.firstByteMs, longestPageMs) : limits.firstByteMs
    const options = { method, path, headers, signal, headersTimeout: firstByteMs }
    try {
      return await pool.request(body === undefined ? options : { ...options, body })
    } catch (error) {
      if (signal.aborted) throw error
      throw transportError(url, error, { ...limits, firstByteMs })
    }
  }

  /** The pieces of a body; leaving the loop ends the connection. */
  async function* pieces(body: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    try {
      yield* body
    } catch (error) {
      if (signal.aborted) throw error
      throw transportError(url, error, limits)
    }
  }

  const textOf = async (body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<string> => {
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of pieces(body, signal)) {
      parts.push(part)
      bytes += part.length
      if (bytes > maxBodyBytes) break
    }
    return Buffer.concat(parts).subarray(0, maxBodyBytes).toString('utf8')
  }

  /** Refusals of what a server need not know are taken as an answer: the request goes out again without it. */
  const open = async (request: GenerateRequest, contextTokens: number, signal: AbortSignal) => {
    let fits = true
    for (;;) {
      const body = chatRequest(model, request, features, fits)
      const response = await send('POST', `${prefix}/chat/completions`, signal, body)
      if (response.statusCode === 200) return response.body
      const text = await textOf(response.body, signal)
      const refusal: Refusal = {
        url,
        status: response.statusCode,
        retryAfter: headerOf(response.headers['retry-after']),
        text,
      }
      if (isTooLong(refusal)) {
        // Servers refuse an answer's limit that goes past the context; without one they stop there by themselves, which is
        // then below the limit.
        if (!fits) throw tooLong(contextTokens)
        fits = false
      } else if (features.logprobs && (refusal.status === 400 || refusal.status === 422) && /logprob/i.test(text)) {
        features = { ...features, logprobs: false }
      } else throw refusalError(refusal, key)
    }
  }

  return {
    url,
    inFlight: () => inFlight,
    circuit: () => circuit,
    isAvailable: () => lets(circuit),
    note: (event) => {
      circuit = nextCircuit(circuit, event)
    },
    get: async (path, signal) => {
      // Beside the interface lie what some servers tell of themselves.
      const response = await send('GET', path === '/models' ? `${prefix}${path}` : path, signal)
      const text = await textOf(response.body, signal)
      const status = response.statusCode
      if (status === 200) return text
      if (status === 404) return undefined
      throw refusalError({ url, status, retryAfter: headerOf(response.headers['retry-after']), text }, key)
    },
    async *ask(request, contextTokens, signal) {
      inFlight++
      try {
        const body = await open(request, contextTokens, signal)
        const reader = makeChatReader(request, url, key)
        const parser = makeSseParser(maxEventChars)
        const decoder = new TextDecoder()
        for await (const piece of pieces(body, signal)) {
          for (const data of eventsIn(parser.add, decoder.decode(piece, { stream: true }), url)) {
            const text = reader.add(data)
            if (text !== '') yield { type: 'text', text }
          }
        }
        yield* reader.end()
      } finally {
        inFlight--
      }
    },
    close: () => pool.destroy(),
  }
}

function eventsIn(add: (text: string) => string[], text: string, url: string): string[] {
  try {
    return add(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new EngineError(`${url}: ${error.message}`, { code: 'upstream', url, status: 200 }, { cause: error })
  }
}

function tooLong(contextTokens: number): EngineError {
  const failure = { code: 'too-long', promptTokens: contextTokens, contextTokens } as const
  const message = `the prompt has ${contextTokens} tokens or more, as many as the model's context`
  return new EngineError(message, failure, { mend: 'shorten the question so that an answer fits behind it' })
}

function headerOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0]
}
