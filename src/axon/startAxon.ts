import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { type ServerOptions, WebSocketServer } from 'ws'
import * as sr25519 from '../keys/sr25519.ts'
import type { ServedModel } from '../wire/axonMessage.ts'
import { sessionPath } from '../wire/hello.ts'
import type { Admit, Answerer } from './answer.ts'
import type { AxonCore } from './axonCore.ts'
import { AxonError } from './axonError.ts'
import type { AxonEvent } from './axonEvent.ts'
import { type AxonKey, certificateBytes } from './axonKey.ts'
import { type AxonLimits, defaultAxonLimits } from './axonLimits.ts'
import { selfSignedCertificate } from './certificate.ts'
import { greet } from './greet.ts'
import { byFirstByte } from './http/byFirstByte.ts'
import { HttpDoor } from './http/httpDoor.ts'
import type { Laxness } from './http/laxness.ts'
import { Places } from './places.ts'
import { WaitingRoom } from './waitingRoom.ts'

export interface AxonOptions {
  /** Address to listen on; default all, IPv4 and IPv6. */
  readonly host?: string
  /** 0: any free port. */
  readonly port: number
  readonly key: AxonKey
  /** SS58 address of the hotkey that published the key. */
  readonly hotkey: string
  /** Genesis hash of the chain, `0x` and 64 hex digits, and the subnet: hellos and receipts are bound to both. */
  readonly genesis: string
  readonly netuid: number
  readonly domains: readonly string[]
  /** At most one a domain; none for a domain that is answered without a model. */
  readonly models: readonly ServedModel[]
  readonly admit: Admit
  readonly answer: Answerer
  /** `unless-waived` (default): a caller may do without. `always`: each answer is signed. */
  readonly receipts?: 'always' | 'unless-waived'
  readonly limits?: Partial<AxonLimits>
  /** `wss`: sessions. `http`: signed requests, plain and over TLS, in the dialects of docs/dialects.md. Default: wss alone. */
  readonly transports?: readonly Transport[]
  /** What requests by HTTP may do that is refused by default. */
  readonly allow?: readonly Laxness[]
  /** What else the port serves over HTTPS where there is no `http`; default: 426 for everything. */
  readonly onRequest?: RequestListener
  readonly onEvent?: (event: AxonEvent) => void
}

export const transports = ['wss', 'http'] as const
export type Transport = (typeof transports)[number]

export interface Axon {
  readonly port: number
  /** For `serve_axon_tls`. */
  readonly certificate: Uint8Array
  readonly sessions: number
  /** Answers being made, and asks that wait for a place. */
  readonly running: number
  readonly waiting: number
  /**
   * Says goodbye, takes nothing new, lets answers in flight finish, and closes. Answers that are not done in `timeoutMs`
   * (default: the longest deadline) are ended with `draining`.
   */
  drain(timeoutMs?: number): Promise<void>
  /** Ends everything now. */
  close(): Promise<void>
}

/** Time that a peer has for its half of the WebSocket's closing handshake. */
const closeTimeoutMs = 1_000
/** More connections than this are not accepted at all; a session takes one. */
const spareConnections = 64
const maxHeaderSize = 8 * 1024

/** Starts a miner's endpoint: wss over TLS 1.3 under the axon's own key. @throws AxonError `cannot-listen` */
export async function startAxon(options: AxonOptions): Promise<Axon> {
  await sr25519.ready()
  const core = coreOf(options)
  const door = options.transports?.includes('http') === true ? new HttpDoor(core, new Set(options.allow)) : undefined
  const sockets = new Set<Socket>()
  const server = listener(options, core, { door, sockets })
  const port = await listen(server, options)
  const sweep = setInterval(() => {
    const nowMs = performance.now()
    for (const session of core.sessions) session.checkAlive(nowMs)
  }, Math.min(core.limits.heartbeatMs, core.limits.idleMs) / 2)
  sweep.unref()

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      core.draining = true
      clearInterval(sweep)
      server.close(() => resolve())
      for (const session of core.sessions) session.terminate()
      door?.abortAll('draining')
      core.waitingRoom.clear()
      for (const socket of sockets) socket.destroy()
    })
    return closed
  }
  return {
    port,
    certificate: certificateBytes(options.key),
    get sessions() {
      return core.sessions.size
    },
    get running() {
      return core.places.running
    },
    get waiting() {
      return core.places.waiting
    },
    async drain(timeoutMs = core.limits.maxDeadlineMs) {
      await drain(core, door, timeoutMs)
      await close()
    },
    close,
  }
}

function coreOf(options: AxonOptions): AxonCore {
  const limits = { ...defaultAxonLimits, ...options.limits }
  const { hotkey, genesis, netuid, key, domains, models, receipts = 'unless-waived', admit, answer } = options
  return {
    hotkey,
    genesis,
    netuid,
    privateKey: key.privateKey,
    domains,
    models,
    receiptsWaivable: receipts === 'unless-waived',
    limits,
    places: new Places(limits),
    waitingRoom: new WaitingRoom(limits.maxUnproven, limits.helloTimeoutMs),
    sessions: new Set(),
    draining: false,
    admit,
    answer,
    onEvent: options.onEvent ?? (() => undefined),
  }
}

interface Inside {
  readonly door: HttpDoor | undefined
  /** All that are open. */
  readonly sockets: Set<Socket>
}

/** One port for TLS and plain HTTP: the first byte tells them apart. */
function listener(options: AxonOptions, core: AxonCore, { door, sockets }: Inside): Server {
  const { limits, waitingRoom } = core
  const tls = tlsServer(options, core, door)
  const plain = door === undefined ? undefined : createHttpServer({ maxHeaderSize }, door.serve)
  plain?.on('clientError', (_error, socket) => socket.destroy())
  plain?.on('upgrade', (_request, socket: Duplex) => socket.destroy())
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // What comes before a server has taken it over.
    socket.on('error', () => socket.destroy())
    waitingRoom.enter(socket)
    byFirstByte(socket, {
      tls: () => tls.emit('connection', socket),
      plain: () => (plain === undefined ? socket.destroy() : plain.emit('connection', socket)),
    })
  })
  server.maxConnections = limits.maxSessions + limits.maxUnproven + spareConnections
  return server
}

function tlsServer(options: AxonOptions, core: AxonCore, door: HttpDoor | undefined) {
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
    else sockets.handleUpgrade(request, socket, head, (ws) => greet(core, ws, socket))
  })
  // Peers that break off in TLS or HTTP. Their sockets are gone by then, or are cut here.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('clientError', (_error, socket) => socket.destroy())
  return server
}

const upgradeRequired: RequestListener = (_request, response) => {
  response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end()
}

function listen(server: Server, { host, port }: AxonOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => {
      const where = host ?? 'all addresses'
      reject(
        new AxonError(
          `cannot listen on port ${port} of ${where}: ${cause.message}`,
          { code: 'cannot-listen', host: where, port },
          { mend: 'stop what holds the port, or give another with --axon.port', cause },
        ),
      )
    }
    server.once('error', onError)
    server.listen({ port, host }, () => {
      server.off('error', onError)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

async function drain(core: AxonCore, door: HttpDoor | undefined, timeoutMs: number): Promise<void> {
  core.draining = true
  for (const session of core.sessions) session.sayGoodbye()
  const until = performance.now() + timeoutMs
  const pending = (): boolean =>
    [...core.sessions].some((session) => session.pending > 0) || (door !== undefined && door.pending > 0)
  while (pending() && performance.now() < until) await pause(20)
  for (const session of core.sessions) session.abortAll('draining')
  door?.abortAll('draining')
  for (const session of core.sessions) session.leave()
  const closeBy = performance.now() + closeTimeoutMs
  while (core.sessions.size > 0 && performance.now() < closeBy) await pause(20)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
