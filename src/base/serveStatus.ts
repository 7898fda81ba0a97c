import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError, messageOf } from './errors.ts'
import type { Metrics } from './metrics.ts'
import { addProcessMetrics } from './processMetrics.ts'

export interface StatusOptions {
  /** 0 takes any free one. */
  readonly port: number
  /** Read anew for each request. */
  readonly status: () => unknown
  /** What is wrong now, each in words for people; nothing: the program does its work. Default: nothing ever is. */
  readonly faults?: () => readonly string[]
  /** What `GET /metrics` shows; what the process tells of itself is added. */
  readonly metrics?: Metrics
  /** Further pages by path, e.g. `/scores`: what is found for a query, as JSON. An InputError is the asker's: 400. */
  readonly pages?: Readonly<Record<string, (query: URLSearchParams) => unknown>>
}

export interface StatusServer {
  readonly port: number
  close(): Promise<void>
}

interface Reply {
  readonly code: number
  readonly type: string
  readonly text: string
}

/**
 * A program's window for its owner, on 127.0.0.1 alone: `GET /status` is what it is doing, as JSON with bigints as decimal
 * strings; `GET /healthz` is whether it does its work, 503 and the faults where not; `GET /metrics` is for Prometheus.
 *
 * @throws InputError where the port is taken
 */
export async function serveStatus(options: StatusOptions): Promise<StatusServer> {
  const { port, metrics } = options
  const server = createServer((request, response) => {
    const { code, type, text } = answer(request.method ?? '', request.url ?? '', options)
    response.writeHead(code, { 'content-type': type }).end(text)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new InputError('--status.port', port, `it cannot be listened on: ${cause.message}`, { cause }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  // A window on a program must not keep it running.
  server.unref()
  const endMeasuring = metrics === undefined ? undefined : addProcessMetrics(metrics)
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        endMeasuring?.()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(method: string, url: string, { status, faults, metrics, pages = {} }: StatusOptions): Reply {
  if (method !== 'GET') return json(405, { error: `${method} is not served here; use GET` })
  const [path = '', query = ''] = url.split('?', 2)
  try {
    if (path === '/status') return json(200, status())
    if (path === '/healthz') {
      const found = faults?.() ?? []
      return found.length === 0 ? json(200, { ok: true }) : json(503, { ok: false, faults: found })
    }
    if (path === '/metrics' && metrics !== undefined) {
      return { code: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text: metrics.text() }
    }
    if (Object.hasOwn(pages, path)) return json(200, pages[path]!(new URLSearchParams(query)))
    const served = ['/status', '/healthz', ...(metrics === undefined ? [] : ['/metrics']), ...Object.keys(pages)]
    return json(404, { error: `no ${path} here; there are ${served.join(', ')}` })
  } catch (error) {
    return json(error instanceof InputError ? 400 : 500, { error: messageOf(error) })
  }
}

function json(code: number, body: unknown): Reply {
  const text = JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
  return { code, type: 'application/json', text }
}
