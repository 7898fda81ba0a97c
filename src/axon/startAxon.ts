import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { type ServerOptions, WebSocketServer } from 'ws'
import * as sr25519 from '../keys/sr25519.ts'
import type { ServedModel } from '../wire/axonMessage.ts'
import { sessionPath } from '../wire/hello.ts'
import type { Admit, Answerer, IpVerdict } from './answer.ts'
import type { AxonCore } from './axonCore.ts'
import { AxonError } from './axonError.ts'
import type { AxonEvent } from './axonEvent.ts'
import { type AxonKey, certificateBytes } from './axonKey.ts'
import { type AxonLimits, defaultAxonLimits } from './axonLimits.ts'
import { selfSignedCertificate } from './certificate.ts'
import { meetAtDoor } from './door.ts'
import { greet } from './greet.ts'
import { Places } from './places.ts'
import { RateTable } from './rateTable.ts'
import { SessionTable } from './sessionTable.ts'
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
  /** Told each connection's address, IPv4 also as `::ffff:a.b.c.d`. Default: all are counted. */
  readonly judgeIp?: (ip: string) => IpVerdict
  readonly answer: Answerer
  /** `unless-waived` (default): a caller may do without. `always`: each answer is signed. */
  readonly receipts?: 'always' | 'unless-waived'
  readonly limits?: Partial<AxonLimits>
  /** What else the port serves over HTTPS; default: 426 for everything. */
  readonly onRequest?: RequestListener
  readonly onEvent?: (event: AxonEvent) => void
}

export interface Axon {
  readonly port: number
  /** For `serve_axon_tls`. */
  readonly certificate: Uint8Array
  readonly sessions: number
  /** Answers being made, and asks that wait for a place. */
  readonly running: number
  readonly waiting: number
  /** Replaces the limits, for open sessions too but for the length of a frame; those left out get their defaults. */
  configure(limits: Partial<AxonLimits>): void
  /**
   * Asks `admit` about each open session again, after what it answers has changed. Those not served any more are closed,
   * the others get their new stake and weight.
   */
  readmit(): Promise<void>
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
/** Addresses and hotkeys whose rates are remembered, some 100 bytes each. */
const maxRated = 65_536

/** Starts a miner's endpoint: wss over TLS 1.3 under the axon's own key. @throws AxonError `cannot-listen` */
export async function startAxon(options: AxonOptions): Promise<Axon> {
  await sr25519.ready()
  const core = coreOf(options)
  const server = httpsServer(options, core)
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
      core.waitingRoom.clear()
      server.closeAllConnections()
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
    configure(limits) {
      core.limits = { ...defaultAxonLimits, ...limits }
      core.places.configure(core.limits)
      core.waitingRoom.configure(core.limits)
      core.connectionRates.configure(core.limits.connectionsPerIp)
      core.askRates.configure(core.limits.asksPerHotkey)
      server.maxConnections = maxConnections(core.limits)
    },
    async readmit() {
      await Promise.all([...core.sessions].map((session) => session.readmit()))
    },
    async drain(timeoutMs = core.limits.maxDeadlineMs) {
      await drain(core, timeoutMs)
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
    connectionRates: new RateTable(limits.connectionsPerIp, maxRated),
    askRates: new RateTable(limits.asksPerHotkey, maxRated),
    waitingRoom: new WaitingRoom(limits),
    sessions: new SessionTable(),
    draining: false,
    admit,
    judgeIp: options.judgeIp ?? (() => 'counted'),
    answer,
    onEvent: options.onEvent ?? (() => undefined),
  }
}

function httpsServer(options: AxonOptions, core: AxonCore): Server {
  const { limits } = core
  const server = createServer({
    key: options.key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: selfSignedCertificate(options.key.privateKey),
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    handshakeTimeout: limits.helloTimeoutMs,
    headersTimeout: limits.helloTimeoutMs,
    maxHeaderSize: 8 * 1024,
  })
  server.maxConnections = maxConnections(limits)
  const webSocketOptions: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    closeTimeout: closeTimeoutMs,
  }
  const sockets = new WebSocketServer(webSocketOptions)
  // TLS's own listener gets only what the door lets through.
  const [startTls] = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (meetAtDoor(core, socket)) startTls!.call(server, socket)
  })
  server.on('request', options.onRequest ?? upgradeRequired)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url !== sessionPath || !(socket instanceof TLSSocket)) socket.destroy()
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

function maxConnections(limits: AxonLimits): number {
  return limits.maxSessions + limits.maxUnproven + spareConnections
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

async function drain(core: AxonCore, timeoutMs: number): Promise<void> {
  core.draining = true
  for (const session of core.sessions) session.sayGoodbye()
  const until = performance.now() + timeoutMs
  const pending = (): boolean => [...core.sessions].some((session) => session.pending > 0)
  while (pending() && performance.now() < until) await pause(20)
  for (const session of core.sessions) session.abortAll('draining')
  for (const session of core.sessions) session.leave()
  const closeBy = performance.now() + closeTimeoutMs
  while (core.sessions.size > 0 && performance.now() < closeBy) await pause(20)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
