import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError, messageOf } from './errors.ts'

export interface StatusOptions {
  /** 0 takes any free one. */
  readonly port: number
  /** Read anew for each request. */
  readonly status: () => unknown
}

export interface StatusServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * A program's window for its owner, on 127.0.0.1 alone: `GET /status` is what it is doing, as JSON with bigints as decimal
 * strings; `GET /healthz` is whether it runs.
 *
 * @throws InputError where the port is taken
 */
export async function serveStatus({ port, status }: StatusOptions): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const [code, body] = answer(request.method ?? '', request.url ?? '', status)
    const text = JSON.stringify(body, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
    response.writeHead(code, { 'content-type': 'application/json' }).end(text)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new InputError('--status.port', port, `it cannot be listened on: ${cause.message}`, { cause }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  // A window on a program must not keep it running.
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(method: string, url: string, status: () => unknown): [code: number, body: unknown] {
  if (method !== 'GET') return [405, { error: `${method} is not served here; use GET` }]
  const path = url.split('?')[0]
  if (path === '/healthz') return [200, { ok: true }]
  if (path !== '/status') return [404, { error: `no ${path} here; there are /status and /healthz` }]
  try {
    return [200, status()]
  } catch (error) {
    return [500, { error: messageOf(error) }]
  }
}
