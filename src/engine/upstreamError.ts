import { z } from 'zod'
import { messageOf } from '../base/errors.ts'
import { retryAfterMs } from '../base/retryAfterMs.ts'
import type { CircuitEvent } from './circuit.ts'
import { EngineError, type EngineFailure } from './engineError.ts'

/** What a server said instead of answering. */
export interface Refusal {
  readonly url: string
  readonly status: number
  readonly retryAfter: string | undefined
  /** Its body, or the beginning of it. */
  readonly text: string
}

const mends: Readonly<Record<number, string>> = {
  401: 'give its key: FACULTY_UPSTREAM_KEY in the environment or upstream.key in the configuration file',
  403: 'give a key that may use the model: FACULTY_UPSTREAM_KEY or upstream.key',
  404: 'see whether --upstream leads to an OpenAI-compatible server and whether it serves --upstream.model',
  408: 'see whether it is overloaded',
  429: 'send it less, or name further servers in --upstream',
}

/** Statuses by which a server says that the request itself is at fault. */
const requestFaults: readonly number[] = [400, 413, 422]

/** @param secret is cut out of what the server said, in case it repeats it */
export function refusalError(refusal: Refusal, secret: string | undefined): EngineError {
  const { url, status } = refusal
  const said = saidIn(refusal.text, secret)
  if (requestFaults.includes(status)) {
    // This one the caller of the miner may read, so it does not say where the server is.
    const failure = { code: 'bad-request', field: 'request', value: status } as const
    return new EngineError(`the inference server refuses the request with ${status}: ${said}`, failure)
  }
  const wait = retryAfterMs(refusal.retryAfter, Date.now())
  const failure: EngineFailure = {
    code: 'upstream',
    url,
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
  const mend = mends[status] ?? (status >= 500 ? 'see its log' : mends[404]!)
  return new EngineError(`${url} answers ${status}: ${said}`, failure, { mend })
}

/** Whether a refusal is for a prompt that does not fit, or one whose answer does not fit behind it. */
export function isTooLong({ status, text }: Refusal): boolean {
  const words = /context.{0,20}(length|size|window)|too (long|large)|max_new_tokens|maximum.{0,20}(context|length)/i
  return requestFaults.includes(status) && words.test(text)
}

const errorBody = z.union([
  z.object({ error: z.object({ message: z.string() }) }),
  z.object({ error: z.string() }),
  z.object({ message: z.string() }),
  z.object({ detail: z.string() }),
])

const shownChars = 300

/** The message of an error body, in whichever way the server writes it. */
function saidIn(text: string, secret: string | undefined): string {
  let said = text
  try {
    const body = errorBody.parse(JSON.parse(text))
    if ('error' in body) said = typeof body.error === 'string' ? body.error : body.error.message
    else said = 'message' in body ? body.message : body.detail
  } catch {
    // Not JSON, or of another shape: shown as it is.
  }
  const open = secret === undefined ? said : said.replaceAll(secret, '…')
  const line = open.replaceAll(/\s+/g, ' ').trim()
  return line === '' ? 'nothing more' : line.slice(0, shownChars)
}

/** What undici threw, before or in the middle of an answer. */
export function transportError(url: string, error: unknown, limits: UpstreamLimits): EngineError {
  const code = codeOf(error)
  const afterMs = timeouts[code]?.(limits)
  if (afterMs !== undefined) {
    const message = `${url} said nothing for ${afterMs / 1_000} s`
    return new EngineError(message, { code: 'timeout', url, afterMs }, { mend: mends[408]!, cause: error })
  }
  const mend = code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? 'see whether it runs there' : 'see its log'
  const message = `${url} cannot be reached or broke off: ${code === '' ? messageOf(error) : code}`
  return new EngineError(message, { code: 'upstream', url }, { mend, cause: error })
}

export interface UpstreamLimits {
  readonly connectMs: number
  /** From the request to the first byte of the answer: the server's queue and the prompt. */
  readonly firstByteMs: number
  /** Between two bytes of an answer. */
  readonly silenceMs: number
}

export const defaultUpstreamLimits: UpstreamLimits = { connectMs: 5_000, firstByteMs: 60_000, silenceMs: 30_000 }

const timeouts: Readonly<Record<string, (limits: UpstreamLimits) => number>> = {
  UND_ERR_CONNECT_TIMEOUT: ({ connectMs }) => connectMs,
  UND_ERR_HEADERS_TIMEOUT: ({ firstByteMs }) => firstByteMs,
  UND_ERR_BODY_TIMEOUT: ({ silenceMs }) => silenceMs,
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** What a failure says of the server, and whether the same request may succeed at another time or place. */
export interface Verdict {
  readonly event: CircuitEvent
  /** `elsewhere`: not at the same server. */
  readonly retry: 'never' | 'elsewhere' | 'anywhere'
}

/** Said by what stands before a model that is gone, or by one that is loading. */
const serverGone: readonly number[] = [502, 503, 504]
/** Wrong settings of ours, whatever the request. */
const wrongSettings: readonly number[] = [301, 302, 303, 307, 308, 401, 404]
/** For this request at this moment; 200 is a failure told in an answer that had begun. */
const passing: readonly number[] = [200, 408, 425, 429]

/**
 * A generation changes nothing, so one that gave no text yet may be asked for again; but not where the server may still be
 * at work on it (a time-out), nor where it would be refused again. What a caller can bring about by what it asks (500, a
 * filter's 403) never counts against the server, or one caller could take it away from all others.
 */
export function verdictOn({ failure }: EngineError): Verdict {
  if (failure.code === 'timeout') return { event: 'failed', retry: 'never' }
  if (failure.code !== 'upstream') return { event: 'dropped', retry: 'never' }
  const { status } = failure
  if (status === undefined || serverGone.includes(status)) return { event: 'failed', retry: 'anywhere' }
  if (wrongSettings.includes(status)) return { event: 'ill', retry: 'elsewhere' }
  return { event: 'dropped', retry: status >= 500 || passing.includes(status) ? 'anywhere' : 'elsewhere' }
}
