import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import type { Log } from '../base/log.ts'
import { minerHeader, requestIdHeader } from '../wire/answerProof.ts'
import { showAddress } from '../wire/axonAddress.ts'
import { type ChatTally, chatCompletion } from './chatCompletion.ts'
import { type ErrorReply, errorReply } from './errorReply.ts'
import { GatewayError } from './gatewayError.ts'
import { defaultGatewayLimits, type GatewayLimits } from './gatewayLimits.ts'
import type { MinerTable } from './minerTable.ts'
import { modelBody, modelsBody, modelsMend } from './modelsBody.ts'

export interface ServerOptions {
  readonly table: MinerTable
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly log: Log
  readonly limits?: Partial<GatewayLimits>
}

export interface GatewayServer {
  readonly url: string
  readonly port: number
  /** Chat completions since the start; one that its client left counts as neither. */
  requests(): { ok: number; failed: number }
  /** Takes nothing new and ends what is running. */
  close(): Promise<void>
}

const headersTimeoutMs = 10_000
const bodyTimeoutMs = 30_000

/** Serves OpenAI's API over the table's miners. @throws GatewayError `cannot-listen` */
export async function startServer(options: ServerOptions): Promise<GatewayServer> {
  const limits = { ...defaultGatewayLimits, ...options.limits }
  const tally: ChatTally = { ok: 0, failed: 0, running: new Set() }
  const server = createAdaptorServer({
    fetch: makeApp(options, limits, tally).fetch,
    // The adaptor's faster Request and Response are for its own server, not for the rest of the process.
    overrideGlobalObjects: false,
    serverOptions: {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: bodyTimeoutMs,
    },
  }) as Server
  server.maxConnections = limits.maxConnections
  // The longest silence of a client that reads; one that does not would hold its place for ever.
  server.setTimeout(limits.timeoutMs + bodyTimeoutMs)
  const port = await listen(server, options)
  return {
    url: `http://${showAddress(options.host, port)}`,
    port,
    requests: () => ({ ok: tally.ok, failed: tally.failed }),
    close: () =>
      new Promise((resolve) => {
        for (const running of tally.running) running.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function makeApp({ table, log }: ServerOptions, limits: GatewayLimits, tally: ChatTally): Hono {
  const app = new Hono()
  const startedAt = Math.floor(Date.now() / 1_000)
  const models = (): string[] => table.domains().map(({ domain }) => domain)

  // Web pages may ask too: nothing here depends on who the browser's user is.
  app.use(cors({ origin: '*', exposeHeaders: [minerHeader, requestIdHeader, 'retry-after'] }))
  app.use(bodyLimit({ maxSize: limits.maxBodyBytes, onError: (c) => send(c, tooLarge(limits.maxBodyBytes)) }))
  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/v1/models', (c) => c.json(modelsBody(models(), startedAt)))
  app.get('/v1/models/:model', (c) => {
    const model = c.req.param('model')
    if (!models().includes(model)) throw unknownModel(model, models())
    return c.json(modelBody(model, startedAt))
  })
  app.post('/v1/chat/completions', (c) => chatCompletion(c, { table, limits, tally, log }))
  app.notFound((c) => send(c, noSuchPath(c.req.method, c.req.path)))
  app.onError((error, c) => {
    const reply = errorReply(error)
    if (reply.error.code === 'internal') log.error({ err: error, path: c.req.path }, 'request failed')
    return send(c, reply)
  })
  return app
}

function send(c: Context, { status, error, retryAfterMs }: ErrorReply): Response {
  if (retryAfterMs !== undefined) c.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)))
  return c.json({ error }, status)
}

function tooLarge(maxBodyBytes: number): ErrorReply {
  const message = `the body is longer than ${maxBodyBytes} bytes`
  return { status: 413, error: { message, type: 'invalid_request_error', param: null, code: 'too_large' } }
}

function noSuchPath(method: string, path: string): ErrorReply {
  const message = `${method} ${path} is not served here; there are GET /v1/models and POST /v1/chat/completions`
  return { status: 404, error: { message, type: 'invalid_request_error', param: null, code: 'not_found' } }
}

function unknownModel(model: string, models: readonly string[]): GatewayError {
  const mend = models.length === 0 ? 'no miner can be reached now' : modelsMend(models)
  return new GatewayError(`there is no model ${model}`, { code: 'unknown-model', model, models }, { mend })
}

function listen(server: Server, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => {
      const message = `cannot listen on ${showAddress(host, port)}: ${cause.message}`
      const mend = 'stop what holds the port, or give another with --gateway.port'
      reject(new GatewayError(message, { code: 'cannot-listen', host, port }, { mend, cause }))
    }
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
