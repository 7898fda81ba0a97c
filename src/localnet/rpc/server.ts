import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { messageOf } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import { Connections } from './connections.ts'
import { type DispatchOptions, dispatch } from './dispatch.ts'
import type { Method } from './method.ts'
import { Session, type SessionLimits, type SubscriptionCount } from './session.ts'

export interface ServerLimits extends SessionLimits {
  /** Of one HTTP body or WebSocket message. */
  readonly payloadBytes: number
  /** WebSocket connections, and as many HTTP requests beside them. */
  readonly connections: number
  readonly batch: number
  /** Characters of one answer, a batch's answers together. */
  readonly responseCharacters: number
  /** Time that a client has to send an HTTP request whole, that for a WebSocket included, and to take up its answer. */
  readonly requestMs: number
  /** How often each WebSocket peer is asked whether it is still there. */
  readonly pingMs: number
}

export const defaultServerLimits: ServerLimits = {
  payloadBytes: 15 * 1024 * 1024,
  connections: 1_000,
  batch: 1_000,
  responseCharacters: 32 * 1024 * 1024,
  requestMs: 30_000,
  pingMs: 30_000,
  subscriptions: 1_024,
  totalSubscriptions: 20_000,
  totalKeys: 1_000_000,
  pauseBytes: 4 * 1024 * 1024,
  closeBytes: 64 * 1024 * 1024,
}

export interface ServerOptions {
  readonly node: LocalNode
  readonly methods: ReadonlyMap<string, Method>
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Serve unsafe methods although the host is not loopback, and to pages from elsewhere. */
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

const spareConnections = 10_000

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

/**
 * Whether a request comes from a program (which names no origin) or from a page of this machine. A page from anywhere
 * else can reach loopback through its visitor's browser, and must not do there what strangers may not.
 */
function isLocalPage(origin: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && loopback.test(new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** Serves JSON-RPC over HTTP POST and WebSocket on one port. @throws where the port is taken */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const { node, methods, host, note } = options
  const limits = { ...defaultServerLimits, ...options.limits }
  const optionsFor = ({ headers: { origin } }: IncomingMessage): DispatchOptions => ({
    methods,
    allowUnsafe: options.allowUnsafe ?? (loopback.test(host) && isLocalPage(origin)),
    maxBatch: limits.batch,
    maxResponse: limits.responseCharacters,
    note,
  })
  const { requestMs } = limits
  const times = { requestTimeout: requestMs, headersTimeout: requestMs, connectionsCheckingInterval: requestMs / 4 }
  let requests = 0
  const server = createServer(times, (request, response) => {
    if (requests >= limits.connections) return respond(response, 429, undefined, { connection: 'close' })
    requests++
    // Over when the answer is out, or the client gone.
    response.once('close', () => requests--)
    const dispatchOptions = optionsFor(request)
    void serveHttp(request, response, { node, dispatchOptions, connections, limits })
  })
  // Room beside the WebSocket ones for HTTP requests, which end by themselves, and to tell those who are too many so.
  server.maxConnections = limits.connections + spareConnections
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.payloadBytes, perMessageDeflate: false })
  const count: SubscriptionCount = { open: 0, keys: 0 }
  sockets.on('connection', (socket, request: IncomingMessage) => {
    serveSocket(socket, { node, dispatchOptions: optionsFor(request), connections, limits, count })
  })
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

/** Nobody else looks after the socket from here on: neither its errors nor a peer that never closes it. */
function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy())
}

/** What every connection is served from. */
interface Served {
  readonly node: LocalNode
  readonly dispatchOptions: DispatchOptions
  readonly connections: Connections
  readonly limits: ServerLimits
}

function serveSocket(
  socket: WebSocket,
  { node, dispatchOptions, connections, limits, count }: Served & { readonly count: SubscriptionCount },
): void {
  const session = new Session(socket, limits, count)
  connections.add(session)
  socket.on('message', (data, isBinary) => {
    // Substrate nodes read binary messages as text as well.
    const text = isBinary ? Buffer.from(data as Buffer).toString('utf8') : (data as Buffer).toString('utf8')
    session
      .answer(() => dispatch(text, { node, session, connections }, dispatchOptions))
      .catch((error: unknown) => {
        dispatchOptions.note(`rpc: ws: ${messageOf(error)}`)
        socket.terminate()
      })
  })
  const stopAsking = askWhetherAlive(socket, limits.pingMs)
  socket.on('close', () => {
    stopAsking()
    connections.remove(session)
    session.close()
  })
  // Oversize and malformed frames: ws closes the connection with the fitting code.
  socket.on('error', () => session.close())
}

/**
 * Pings a peer, and drops it when a whole interval after that nothing came back: it holds one of the connections. Other
 * peers hear from us so, even where no block comes for long. @returns a function that ends that
 */
function askWhetherAlive(socket: WebSocket, pingMs: number): () => void {
  let isAlive = true
  const alive = (): void => {
    isAlive = true
  }
  socket.on('pong', alive)
  socket.on('message', alive)
  const timer = setInterval(() => {
    // What we do not read from now, because the peer is slow to read itself, may well be a pong.
    if (!isAlive && !socket.isPaused) return socket.terminate()
    isAlive = false
    socket.ping()
  }, pingMs)
  return () => clearInterval(timer)
}

async function serveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  { node, dispatchOptions, connections, limits }: Served,
): Promise<void> {
  try {
    if (request.method !== 'POST') return respond(response, 405, undefined, { allow: 'POST' })
    const body = await readBody(request, limits.payloadBytes)
    if (body === undefined) return respond(response, 413, undefined, { connection: 'close' })
    await connections.ready()
    const reply = await dispatch(body, { node, session: undefined, connections }, dispatchOptions)
    respond(response, reply === undefined ? 204 : 200, reply)
    // Nothing of the answer is taken for so long: it must not stay in our memory.
    response.setTimeout(limits.requestMs, () => response.destroy())
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
