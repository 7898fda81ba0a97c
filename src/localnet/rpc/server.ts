import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { messageOf } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import { Connections } from './connections.ts'
import { type DispatchOptions, dispatch } from './dispatch.ts'
import type { Method } from './method.ts'
import { Session, type SessionLimits } from './session.ts'

export interface ServerLimits extends SessionLimits {
  /** Of one HTTP body or WebSocket message. */
  readonly payloadBytes: number
  readonly connections: number
  readonly batch: number
}

export const defaultServerLimits: ServerLimits = {
  payloadBytes: 15 * 1024 * 1024,
  connections: 1_000,
  batch: 1_000,
  subscriptions: 1_024,
  pauseBytes: 4 * 1024 * 1024,
  closeBytes: 64 * 1024 * 1024,
}

export interface ServerOptions {
  readonly node: LocalNode
  readonly methods: ReadonlyMap<string, Method>
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Serve unsafe methods although the host is not loopback. */
  readonly allowUnsafe?: boolean
  readonly limits?: Partial<ServerLimits>
  /** Hears of failures that are ours. */
  readonly note: (line: string) => void
}

export interface RpcServer {
  readonly port: number
  readonly host: string
  /** To disturb clients with. */
  readonly connections: Connections
  /** Ends all connections; the port is free when this resolves. */
  close(): Promise<void>
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

/** Serves JSON-RPC over HTTP POST and WebSocket on one port. @throws where the port is taken */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const { node, methods, host, note } = options
  const limits = { ...defaultServerLimits, ...options.limits }
  const dispatchOptions: DispatchOptions = {
    methods,
    allowUnsafe: options.allowUnsafe ?? loopback.test(host),
    maxBatch: limits.batch,
    note,
  }
  const server = createServer((request, response) => {
    void serveHttp(request, response, { node, dispatchOptions, connections, payloadBytes: limits.payloadBytes })
  })
  // Further connections beside the WebSocket ones are HTTP requests, which end by themselves.
  server.maxConnections = 2 * limits.connections
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.payloadBytes, perMessageDeflate: false })
  sockets.on('connection', (socket) => serveSocket(socket, { node, dispatchOptions, connections, limits }))
  const connections = new Connections(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
  })
  server.on('connection', (socket) => connections.isRefusing && socket.destroy())
  server.on('upgrade', (request, socket, head) => {
    if (sockets.clients.size >= limits.connections) return refuseUpgrade(socket)
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request))
  })
  await listen(server, options.port, host)
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port, host, connections, close }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

/** What every connection is served from. */
interface Served {
  readonly node: LocalNode
  readonly dispatchOptions: DispatchOptions
  readonly connections: Connections
}

function serveSocket(
  socket: WebSocket,
  { node, dispatchOptions, connections, limits }: Served & { limits: ServerLimits },
): void {
  const session = new Session(socket, limits)
  connections.add(session)
  socket.on('message', (data, isBinary) => {
    // Substrate nodes read binary messages as text as well.
    const text = isBinary ? Buffer.from(data as Buffer).toString('utf8') : (data as Buffer).toString('utf8')
    void session.answer(() => dispatch(text, { node, session, connections }, dispatchOptions))
  })
  socket.on('close', () => {
    connections.remove(session)
    session.close()
  })
  // Oversize and malformed frames: ws closes the connection with the fitting code.
  socket.on('error', () => session.close())
}

async function serveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  { node, dispatchOptions, connections, payloadBytes }: Served & { payloadBytes: number },
): Promise<void> {
  try {
    if (request.method !== 'POST') return respond(response, 405, undefined, { allow: 'POST' })
    const body = await readBody(request, payloadBytes)
    if (body === undefined) return respond(response, 413, undefined, { connection: 'close' })
    await connections.ready()
    const reply = await dispatch(body, { node, session: undefined, connections }, dispatchOptions)
    respond(response, reply === undefined ? 204 : 200, reply)
  } catch (error) {
    // The client went away in the middle, or something of ours broke: either way this connection is over.
    if (!request.destroyed) dispatchOptions.note(`rpc: http: ${messageOf(error)}`)
    response.destroy()
  }
}

function respond(response: ServerResponse, status: number, body?: string, headers: Record<string, string> = {}): void {
  const content = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(status, { ...content, ...headers })
  response.end(body)
}

/** @returns undefined for a body that is too long */
async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > limit) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
