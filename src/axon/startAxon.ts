import type { RequestListener } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import * as sr25519 from '../keys/sr25519.ts'
import type { ServedModel } from '../wire/axonMessage.ts'
import type { Admit, Answerer, IpVerdict } from './answer.ts'
import type { AxonCore } from './axonCore.ts'
import { AxonError } from './axonError.ts'
import type { AxonEvent } from './axonEvent.ts'
import { type AxonKey, certificateBytes } from './axonKey.ts'
import { type AxonLimits, defaultAxonLimits } from './axonLimits.ts'
import { HttpDoor } from './http/httpDoor.ts'
import type { Laxness } from './http/laxness.ts'
import { closeTimeoutMs, makeListener, maxConnections } from './listener.ts'
import { Places } from './places.ts'
import { maxRated, RateTable } from './rateTable.ts'
import { SessionTable } from './sessionTable.ts'
import type { Transport } from './transport.ts'
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
  /** `wss`: sessions. `http`: signed requests, plain and over TLS, in the dialects of docs/dialects.md. Default: wss alone. */
  readonly transports?: readonly Transport[]
  /** What requests by HTTP may do that is refused by default. */
  readonly allow?: readonly Laxness[]
  /** What else the port serves over HTTPS where there is no `http`; default: 426 for everything. */
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

/** Starts a miner's endpoint: wss over TLS 1.3 under the axon's own key. @throws AxonError `cannot-listen` */
export async function startAxon(options: AxonOptions): Promise<Axon> {
  await sr25519.ready()
  const core = coreOf(options)
  const door = options.transports?.includes('http') === true ? new HttpDoor(core, new Set(options.allow)) : undefined
  const { server, cutAll } = makeListener(core, options, door)
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
      cutAll()
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
  const unsent = (): boolean => core.sessions.size > 0 || (door !== undefined && door.unsent > 0)
  while (unsent() && performance.now() < closeBy) await pause(20)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
