import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { type ServerOptions, WebSocketServer } from 'ws'
import { sessionPath } from '../wire/hello.ts'
import type { AxonCore } from './axonCore.ts'
import type { AxonKey } from './axonKey.ts'
import type { AxonLimits } from './axonLimits.ts'
import { selfSignedCertificate } from './certificate.ts'
import { meetAtDoor } from './door.ts'
import { greet } from './greet.ts'
import { byFirstByte } from './http/byFirstByte.ts'
import type { HttpDoor } from './http/httpDoor.ts'
import type { Transport } from './transport.ts'

export interface ListenerOptions {
  readonly key: AxonKey
  readonly transports?: readonly Transport[]
  readonly onRequest?: RequestListener
}

/** Time that a peer has for its half of the WebSocket's closing handshake. */
export const closeTimeoutMs = 1_000
/** More connections than this are not accepted at all; a session takes one. */
const spareConnections = 64
const maxHeaderSize = 8 * 1024

/**
 * One port for TLS and plain HTTP: the first byte tells them apart.
 *
 * @param door takes requests by HTTP, over TLS as well; without it plain connections are cut
 * @returns the server, not listening yet, and what cuts all connections
 */
export function makeListener(
  core: AxonCore,
  options: ListenerOptions,
  door: HttpDoor | undefined,
): { readonly server: Server; cutAll(): void } {
  const sockets = new Set<Socket>()
  const tls = tlsServer(core, options, door)
  const plain = door === undefined ? undefined : createHttpServer({ maxHeaderSize }, door.serve)
  plain?.on('clientError', (_error, socket) => socket.destroy())
  plain?.on('upgrade', (_request, socket: Duplex) => socket.destroy())
  const server = createServer({ noDelay: true }, (socket) => {
    // What comes before a server has taken it over.
    socket.on('error', () => socket.destroy())
    if (!meetAtDoor(core, socket)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    byFirstByte(socket, {
      tls: () => tls.emit('connection', socket),
      plain: () => (plain === undefined ? socket.destroy() : plain.emit('connection', socket)),
    })
  })
  server.maxConnections = maxConnections(core.limits)
  return {
    server,
    cutAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

export function maxConnections(limits: AxonLimits): number {
  return limits.maxSessions + limits.maxUnproven + spareConnections
}

function tlsServer(core: AxonCore, options: ListenerOptions, door: HttpDoor | undefined) {
  const { limits } = core
  const server = createHttpsServer({
    key: options.key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: selfSignedCertificate(options.key.privateKey),
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    handshakeTimeout: limits.helloTimeoutMs,
    maxHeaderSize,
  })
  const webSocketOptions: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    closeTimeout: closeTimeoutMs,
  }
  const sockets = new WebSocketServer(webSocketOptions)
  const takesSessions = options.transports?.includes('wss') !== false
  server.on('request', door?.serve ?? options.onRequest ?? upgradeRequired)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!takesSessions || request.url !== sessionPath || !(socket instanceof TLSSocket)) socket.destroy()
    else {
      sockets.options.maxPayload = core.limits.maxFrameBytes
      sockets.handleUpgrade(request, socket, head, (ws) => greet(core, ws, socket))
    }
  })
  // Peers that break off in TLS or HTTP. Their sockets are gone by then, or are cut here.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('clientError', (_error, socket) => socket.destroy())
  return server
}

const upgradeRequired: RequestListener = (_request, response) => {
  response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end()
}
