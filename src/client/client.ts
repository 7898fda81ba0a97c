import type { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { retryAfterMs } from '../base/retryAfterMs.ts'
import type { AnswerProof } from '../wire/answerProof.ts'
import type { AskRequest } from '../wire/askRequest.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { bodyText } from './bodyText.ts'
import { ClientError } from './clientError.ts'
import { chunkSchema, completionSchema, errorSchema, modelsSchema } from './reply.ts'
import { serverSentEvents } from './serverSentEvents.ts'
import { type ProvenAnswer, verifyAnswer } from './verifyAnswer.ts'

export type { AskRequest } from '../wire/askRequest.ts'
export type { Receipt } from '../wire/receipt.ts'
// biome-ignore lint/performance/noBarrelFile: this file is the published entry faculty/client
export { type ReceiptVerdict, verifyReceipt } from '../wire/verifyReceipt.ts'
export { ClientError, type ClientFailure } from './clientError.ts'
export { readReceiptFile, writeReceiptFile } from './receiptFile.ts'
export { type ProvenAnswer, verifyAnswer } from './verifyAnswer.ts'

export interface ClientOptions {
  /** Of the gateway, e.g. `http://127.0.0.1:8080`, with or without `/v1`. */
  readonly baseUrl: string
  /** Sent as a bearer token; a gateway of this release asks for none. */
  readonly apiKey?: string
  /** Default: the global one. */
  readonly fetch?: typeof fetch
}

type Settings = Partial<Omit<AskRequest, 'messages'>>

export interface AskOptions extends Settings {
  /** A model of the gateway: `law`, `medicine`, `finance`. */
  readonly domain: string
  /** One message of the user; or else `messages`. */
  readonly question?: string
  readonly messages?: AskRequest['messages']
  readonly signal?: AbortSignal
}

/** A whole answer whose receipt was verified: see `verifyAnswer` for what that says and what not. */
export interface Answer extends ProvenAnswer {
  readonly reason: 'stop' | 'length'
  /** See `AnswerProof`; the gateway's word, which no receipt covers. */
  readonly incentive: number
  /** From the call to the whole answer. */
  readonly elapsedMs: number
}

export type AskEvent =
  | { readonly type: 'text'; readonly text: string }
  /** Always the last one. */
  | { readonly type: 'done'; readonly answer: Answer }

export interface Client {
  /** The domains that can be asked now. @throws ClientError */
  models(): Promise<string[]>
  /** @throws ClientError; InputError unless there is a question or messages, and not both */
  ask(options: AskOptions): Promise<Answer>
  /** The answer piece by piece; leaving the loop early cancels it. @throws as `ask` */
  askStream(options: AskOptions): AsyncGenerator<AskEvent, void>
}

/** A client of one gateway. Runs in Node and in browsers; keeps nothing open between calls. */
export function createClient({ baseUrl, apiKey, fetch: fetchGiven = fetch }: ClientOptions): Client {
  const base = `${baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`

  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const url = `${base}${path}`
    const headers = {
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    }
    let response: Response
    try {
      response = await fetchGiven(url, { ...init, headers })
    } catch (error) {
      if (init.signal?.aborted === true) throw cancelled(error)
      const mend = 'is the gateway running? faculty up starts one, or faculty gateway run'
      throw new ClientError(`no gateway answers at ${baseUrl}`, { code: 'unreachable', url }, { mend, cause: error })
    }
    if (!response.ok) throw await refusal(response)
    return response
  }
  const post = (options: AskOptions, streamed: boolean): Promise<Response> => {
    const body = JSON.stringify(bodyOf(options, streamed))
    return call('/chat/completions', { method: 'POST', body, ...(options.signal && { signal: options.signal }) })
  }

  return {
    async models() {
      const reply = await call('/models', {})
      return read(modelsSchema, await json(reply, undefined)).data.map(({ id }) => id)
    },
    async ask(options) {
      const startedAtMs = performance.now()
      const response = await post(options, false)
      const { choices, usage, faculty } = read(completionSchema, await json(response, options.signal))
      const { message, finish_reason: reason } = choices[0]!
      return proven(options, { text: message.content, reason, usage, faculty, startedAtMs })
    },
    async *askStream(options) {
      const startedAtMs = performance.now()
      const response = await post(options, true)
      const parts: Partial<Parts> = {}
      let text = ''
      for await (const chunk of chunksOf(response, options.signal, () => text)) {
        for (const { delta, finish_reason: reason } of chunk.choices) {
          if (reason) parts.reason = reason
          if (!delta.content) continue
          text += delta.content
          if (text.length > wireLimits.maxAnswerChars) throw badReply('choices.delta.content')
          yield { type: 'text', text: delta.content }
        }
        if (chunk.usage) parts.usage = chunk.usage
        if (chunk.faculty) parts.faculty = chunk.faculty
      }
      const { reason, usage, faculty } = parts
      if (reason === undefined || usage === undefined || faculty === undefined) throw interrupted(text)
      yield { type: 'done', answer: proven(options, { text, reason, usage, faculty, startedAtMs }) }
    },
  }
}

interface Parts {
  text: string
  reason: Answer['reason']
  usage: z.output<typeof completionSchema>['usage']
  faculty: AnswerProof
  startedAtMs: number
}

function bodyOf(options: AskOptions, streamed: boolean): object {
  const { domain, maxTokens, temperature, topP, topK, minP, seed, stop } = options
  return {
    model: domain,
    messages: messagesOf(options),
    max_completion_tokens: maxTokens,
    temperature,
    top_p: topP,
    top_k: topK,
    min_p: minP,
    seed,
    stop,
    ...(streamed && { stream: true, stream_options: { include_usage: true } }),
  }
}

function messagesOf({ question, messages }: AskOptions): AskRequest['messages'] {
  if ((question === undefined) === (messages === undefined)) {
    throw new InputError('question', question, 'give either a question or messages')
  }
  return messages ?? [{ role: 'user', content: question! }]
}

function proven(options: AskOptions, { text, reason, usage, faculty, startedAtMs }: Parts): Answer {
  const { receipt, miner, incentive, publicKey, settings } = faculty
  const answer: Answer = {
    domain: options.domain,
    // What the caller set counts, and the gateway's word only for what it left open.
    request: { ...settings, ...settingsIn(options), messages: messagesOf(options) } as AskRequest,
    text,
    reason,
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    miner,
    incentive,
    publicKey,
    receipt,
    elapsedMs: performance.now() - startedAtMs,
  }
  const verdict = verifyAnswer(answer)
  if (verdict.ok) return answer
  const failure = { code: 'bad-receipt', part: verdict.part } as const
  throw new ClientError(`the receipt of miner ${miner.hotkey} does not fit its answer: ${verdict.message}`, failure)
}

function settingsIn({ domain: _, question: __, messages: ___, signal: ____, ...settings }: AskOptions): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

type Chunk = Exclude<z.output<typeof chunkSchema>, { error: unknown }>

async function* chunksOf(
  response: Response,
  signal: AbortSignal | undefined,
  textSoFar: () => string,
): AsyncGenerator<Chunk, void> {
  if (response.body === null) throw badReply('body')
  try {
    for await (const data of serverSentEvents(response.body)) {
      if (data === '[DONE]') return
      const chunk = read(chunkSchema, parsed(data))
      if ('error' in chunk) throw interrupted(textSoFar(), chunk.error.message)
      yield chunk
    }
  } catch (error) {
    if (signal?.aborted === true) throw cancelled(error)
    if (error instanceof ClientError) throw error
    if (error instanceof RangeError) throw badReply('data', error)
    throw interrupted(textSoFar(), undefined, error)
  }
}

async function json(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return JSON.parse(await bodyText(response))
  } catch (error) {
    if (signal?.aborted === true) throw cancelled(error)
    if (error instanceof SyntaxError || error instanceof RangeError) throw badReply('body', error)
    throw interrupted('', undefined, error)
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (error) {
    throw badReply('data', error)
  }
}

function read<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw badReply(result.error.issues[0]!.path.map(String).join('.'), result.error)
}

async function refusal(response: Response): Promise<ClientError> {
  const { status, headers } = response
  const body = await json(response, undefined).catch(() => undefined)
  const { error } = errorSchema.safeParse(body).data ?? {}
  return new ClientError(error?.message ?? `the gateway answers with HTTP status ${status}`, {
    code: 'refused',
    status,
    reason: error?.code ?? undefined,
    param: error?.param ?? undefined,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()),
  })
}

function badReply(field: string, cause?: unknown): ClientError {
  const mend = 'is this address a faculty gateway of this release?'
  return new ClientError(`the reply cannot be read at ${field}`, { code: 'bad-reply', field }, { mend, cause })
}

function interrupted(text: string, problem = 'the connection ended', cause?: unknown): ClientError {
  return new ClientError(`the answer broke off: ${problem}`, { code: 'interrupted', text }, { cause })
}

function cancelled(cause: unknown): ClientError {
  return new ClientError('the ask was cancelled', { code: 'cancelled' }, { cause })
}
