import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a server writes: what tells vLLM, SGLang, llama.cpp and TGI apart on the wire. */
export interface Dialect {
  /** Body of `GET /v1/models`; undefined: 404. */
  readonly models: (model: string) => unknown
  /** Further pages by path. */
  readonly pages?: Readonly<Record<string, unknown>>
  /** The stream of an answer of these pieces, 3 + 2·pieces tokens. */
  readonly stream: (pieces: readonly string[], reason: 'stop' | 'length') => string[]
}

const chunk = (model: string, choices: unknown[], more: object = {}): string =>
  JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model, choices, ...more })
const logprobs = (content: string) => ({ content: [{ token: content, logprob: Math.log(0.5), top_logprobs: [] }] })
const usageOf = (pieces: readonly string[]) => ({
  prompt_tokens: 3,
  completion_tokens: pieces.length,
  total_tokens: 3 + pieces.length,
})
const choice = (delta: object, finish_reason: string | null = null, more: object = {}) => [
  { index: 0, delta, finish_reason, ...more },
]

export const dialects = {
  /** A role first, `usage` alone at the end, comments to keep the line open. */
  vllm: {
    models: (id) => ({
      object: 'list',
      data: [
        { id: 'base', object: 'model', owned_by: 'vllm', root: '/models/base', parent: null, max_model_len: 8192 },
        { id, object: 'model', owned_by: 'vllm', root: '/adapters/x', parent: 'base', max_model_len: 4096 },
      ],
    }),
    stream: (pieces, reason) => [
      ': ping\n\n',
      `data: ${chunk('m', choice({ role: 'assistant', content: '' }, null, { logprobs: null }))}\n\n`,
      ...pieces.map((content) => `data: ${chunk('m', choice({ content }, null, { logprobs: logprobs(content) }))}\n\n`),
      `data: ${chunk('m', choice({ content: '' }, reason, { stop_reason: null }))}\n\n`,
      `data: ${chunk('m', [], { usage: usageOf(pieces) })}\n\n`,
      'data: [DONE]\n\n',
    ],
  },
  /** `usage: null` until the end, content null beside the reason, an unknown field. */
  sglang: {
    models: (id) => ({ object: 'list', data: [{ id, owned_by: 'sglang', root: id, max_model_len: 4096 }] }),
    stream: (pieces, reason) => [
      `data: ${chunk('m', choice({ role: 'assistant', content: '' }), { usage: null })}\n\n`,
      ...pieces.map(
        (content) => `data: ${chunk('m', choice({ content, reasoning_content: null }), { usage: null })}\n\n`,
      ),
      `data: ${chunk('m', choice({ content: null }, reason, { matched_stop: 7 }), { usage: null })}\n\n`,
      `data: ${chunk('m', [], { usage: usageOf(pieces) })}\n\n`,
      'data: [DONE]\n\n',
    ],
  },
  /** `usage` in the chunk with the reason, an empty delta there, CRLF. The context is on another page. */
  llamacpp: {
    models: (id) => ({
      models: [{ name: id, model: id }],
      object: 'list',
      data: [{ id, owned_by: 'llamacpp', meta: { n_vocab: 10, n_ctx_train: 32768, n_params: 5 } }],
    }),
    pages: { '/props': { default_generation_settings: { n_ctx: 4096 }, total_slots: 1 } },
    stream: (pieces, reason) => [
      ...pieces.map((content) => `data: ${chunk('m', choice({ content }))}\r\n\r\n`),
      `data: ${chunk('m', choice({}, reason), { usage: usageOf(pieces), timings: { prompt_n: 3 } })}\r\n\r\n`,
      'data: [DONE]\r\n\r\n',
    ],
  },
  /** No space after `data:`, its own name for the reason, no `[DONE]`; an older release without a list of models. */
  tgi: {
    models: () => undefined,
    pages: { '/info': { model_id: 'judge-7b', max_total_tokens: 4096, version: '1.4' } },
    stream: (pieces, reason) => [
      ...pieces.map((content) => `data:${chunk('m', choice({ role: 'assistant', content }))}\n\n`),
      `data:${chunk('m', choice({ role: 'assistant', content: '' }, reason === 'stop' ? 'eos_token' : 'length'))}\n\n`,
      `data:${chunk('m', [], { usage: usageOf(pieces) })}\n\n`,
    ],
  },
} as const satisfies Record<string, Dialect>

export interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  /** Parsed; undefined for GET. */
  readonly body: Record<string, unknown> | undefined
}

export type Reply = (response: ServerResponse, asked: Asked) => void | Promise<void>

export interface InferenceServer {
  readonly url: URL
  /** Completions asked for, the trial of the start not counted. */
  readonly asked: Asked[]
  /** Answers to the next completions, in turn; afterwards the dialect's own. */
  readonly next: Reply[]
  /** What it serves from now on. */
  model: string
  /** What `GET /v1/models` answers instead of the list. */
  modelsStatus: number | undefined
  pieces: readonly string[]
  reason: 'stop' | 'length'
  /** Open connections. */
  connections(): Promise<number>
  close(): Promise<void>
}

export const model = 'judge-7b'

/** A server on a port of its own that answers in a dialect. */
export async function startInferenceServer(dialect: Dialect = dialects.vllm): Promise<InferenceServer> {
  const http = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const server: InferenceServer = {
    url: new URL(`http://127.0.0.1:${port}`),
    asked: [],
    next: [],
    model,
    modelsStatus: undefined,
    pieces: ['Yes', ', it', ' is.'],
    reason: 'stop',
    connections: () => new Promise((resolve) => http.getConnections((_error, count) => resolve(count))),
    close: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!
    if (request.method === 'GET') {
      const page = path === '/v1/models' ? dialect.models(server.model) : dialect.pages?.[path]
      if (path === '/v1/models' && server.modelsStatus !== undefined) json(response, server.modelsStatus, {})
      else if (page === undefined) json(response, 404, { detail: 'Not Found' })
      else json(response, 200, page)
      return
    }
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>
    const asked: Asked = { path, authorization: request.headers.authorization, body }
    const isTrial = body.max_tokens === 1
    if (!isTrial) server.asked.push(asked)
    const reply = isTrial ? undefined : server.next.shift()
    if (reply !== undefined) await reply(response, asked)
    else stream(response, dialect.stream(server.pieces, server.reason))
  }
  return server
}

export function json(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

export function stream(response: ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events) response.write(event)
  response.end()
}

/** Says that it is this status, with a message in OpenAI's way. */
export const says =
  (status: number, message = 'no', headers: object = {}): Reply =>
  (response) =>
    json(response, status, { error: { message, type: 'x', code: status } }, headers)
