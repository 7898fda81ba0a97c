import { EventEmitter } from 'node:events'
import type {
  ProviderInterface,
  ProviderInterfaceCallback,
  ProviderInterfaceEmitCb,
  ProviderInterfaceEmitted,
} from '@polkadot/rpc-provider/types'
import { messageOf } from '../base/errors.ts'
import { ChainError } from './chainError.ts'
import { type OpenSocket, openSocket } from './openSocket.ts'
import { type NodeMessage, parseNodeMessage, Requests } from './requests.ts'
import { type Subscription, Subscriptions } from './subscriptions.ts'

export interface ProviderOptions {
  /** Tried in turn, at the start and after a loss. */
  readonly endpoints: readonly string[]
  /** Bound for a request from its making to its answer, waiting for a connection included. */
  readonly timeoutMs: number
  /** How long one endpoint may take until its first answer. */
  readonly attemptMs: number
  /** A socket on which nothing arrived for so long is dropped; half-way there it is asked for a sign of life. */
  readonly heartbeatMs: number
  /** The genesis that every endpoint must have; without it that of the first one that answered. */
  readonly genesisHash?: string | undefined
}

const shortestPauseMs = 100
const longestPauseMs = 5_000
/** A node that ends connections sooner turns us away, and must not be asked again and again without a pause. */
const shortestHoldMs = 1_000

/**
 * The transport under @polkadot/api: one WebSocket at a time to one of several endpoints. It connects for as long as it
 * takes, drops sockets that have gone silent, repeats unanswered reads and subscriptions on the next connection, and
 * bounds every request in time. An extrinsic is never sent twice: a submission that loses its connection is rejected.
 */
export class SocketProvider implements ProviderInterface {
  readonly hasSubscriptions = true
  readonly isClonable = false
  /** Why the last endpoint that was tried is of no use. */
  lastFailure: string | undefined
  /** Endpoints tried in vain, or lost again at once, since the last connection that held. */
  failures = 0
  /** Genesis hashes, where the last failure was a node of another chain. */
  wrongChain: { readonly expected: string; readonly found: string } | undefined
  readonly #options: ProviderOptions
  readonly #events = new EventEmitter()
  readonly #requests = new Requests()
  readonly #subscriptions = new Subscriptions((reason) => this.#socket?.end(reason))
  /** Subscriptions that the node is being asked for; their requests are repeated as such. */
  readonly #beginning = new Set<Subscription>()
  #genesisHash: string | undefined
  #socket: OpenSocket | undefined
  #running = false
  #lastSubscription = 0
  #takenAt = 0
  #heardAt = 0
  #beatAt = 0
  #retry: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout | undefined

  constructor(options: ProviderOptions) {
    this.#options = options
    this.#genesisHash = options.genesisHash
    // Each part of @polkadot/api and each watcher listens; there is no leak to warn of.
    this.#events.setMaxListeners(0)
    // Without a listener Node would take an error for an uncaught one.
    this.#events.on('error', () => undefined)
  }

  get isConnected(): boolean {
    return this.#socket !== undefined
  }

  clone(): SocketProvider {
    return new SocketProvider(this.#options)
  }

  /** Begins to connect and goes on until `disconnect`. Resolves at once; see the `connected` event. */
  async connect(): Promise<void> {
    if (this.#running) return
    this.#running = true
    void this.#tryEndpoint(0)
  }

  async disconnect(): Promise<void> {
    this.#running = false
    clearTimeout(this.#retry)
    this.#socket?.close()
    this.#subscriptions.clear()
    this.#requests.reject(
      () => true,
      (method) => this.#disconnected(`${method}: the connection was closed`),
    )
  }

  on(type: ProviderInterfaceEmitted, listener: ProviderInterfaceEmitCb): () => void {
    this.#events.on(type, listener)
    return () => void this.#events.off(type, listener)
  }

  async send<T = unknown>(method: string, params: unknown[]): Promise<T> {
    const { timeoutMs } = this.#options
    const { text, done } = this.#requests.add(method, params, timeoutMs, () => this.#timeout(method))
    this.#socket?.send(text)
    return (await done) as T
  }

  async subscribe(
    type: string,
    method: string,
    params: unknown[],
    callback: ProviderInterfaceCallback,
  ): Promise<string> {
    const id = `${type}#${++this.#lastSubscription}`
    const subscription: Subscription = { id, method, params, callback, remoteId: undefined }
    this.#subscriptions.add(subscription)
    try {
      await this.#begin(subscription)
    } catch (error) {
      this.#subscriptions.remove(id)
      throw error
    }
    return id
  }

  async unsubscribe(_type: string, method: string, id: number | string): Promise<boolean> {
    const subscription = this.#subscriptions.remove(String(id))
    if (subscription?.remoteId === undefined || this.#socket === undefined) return subscription !== undefined
    return await this.send<boolean>(method, [subscription.remoteId])
  }

  async #begin(subscription: Subscription): Promise<void> {
    this.#beginning.add(subscription)
    try {
      this.#subscriptions.begun(subscription, String(await this.send(subscription.method, subscription.params)))
    } finally {
      this.#beginning.delete(subscription)
      if (this.#beginning.size === 0) this.#subscriptions.forgetEarly()
    }
  }

  async #tryEndpoint(index: number): Promise<void> {
    const { endpoints, attemptMs } = this.#options
    const endpoint = endpoints[index % endpoints.length]!
    try {
      const socket = await openSocket(endpoint, {
        attemptMs,
        onMessage: (text) => this.#receive(text),
        onGone: (reason) => this.#lose(`${endpoint}: ${reason}`, index),
      })
      if (!this.#running) {
        socket.close()
        return
      }
      const found = socket.genesisHash
      if (this.#genesisHash !== undefined && this.#genesisHash !== found) {
        this.wrongChain = { expected: this.#genesisHash, found }
        socket.close()
        throw new Error(`it is another chain, of genesis ${found}`)
      }
      this.#genesisHash = found
      this.#take(socket)
    } catch (error) {
      this.failures++
      this.#fail(`${endpoint}: ${messageOf(error)}`, error)
      this.#retryLater(index + 1)
    }
  }

  /** Pauses grow each time that all endpoints have failed. */
  #retryLater(index: number): void {
    if (!this.#running) return
    const rounds = Math.floor(this.failures / this.#options.endpoints.length)
    const pauseMs = Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(rounds, 10))
    this.#retry = setTimeout(() => void this.#tryEndpoint(index), pauseMs)
  }

  #take(socket: OpenSocket): void {
    this.#socket = socket
    this.#takenAt = Date.now()
    this.wrongChain = undefined
    this.#heardAt = this.#takenAt
    this.#beatAt = this.#takenAt
    this.#heartbeat = setInterval(() => this.#beat(), this.#options.heartbeatMs / 4)
    this.#heartbeat.unref()
    for (const text of this.#requests.texts()) socket.send(text)
    for (const subscription of this.#subscriptions.all()) {
      if (this.#beginning.has(subscription)) continue
      this.#begin(subscription).catch((error: unknown) => {
        // A node that refuses what another one granted is of no use; the next one is tried.
        this.#socket?.end(`${subscription.method}: ${messageOf(error)}`)
      })
    }
    this.#events.emit('connected')
  }

  #beat(): void {
    const { heartbeatMs } = this.#options
    const now = Date.now()
    // Where this process was busy for long, messages may be waiting that it has not had time to read.
    const wasBusy = now - this.#beatAt > heartbeatMs / 2
    this.#beatAt = now
    const silentMs = now - this.#heardAt
    if (silentMs > heartbeatMs && !wasBusy) this.#socket?.end(`silent for ${silentMs} ms`)
    // Any answer is a sign of life, an error too.
    else if (silentMs > heartbeatMs / 2) this.send('chain_getBlockHash', [0]).catch(() => undefined)
  }

  #lose(reason: string, index: number): void {
    if (this.#socket === undefined) return
    this.#socket = undefined
    this.failures = Date.now() - this.#takenAt < shortestHoldMs ? this.failures + 1 : 0
    clearInterval(this.#heartbeat)
    this.#subscriptions.disconnected()
    this.#requests.reject(
      (method) => method.startsWith('author_submit'),
      (method) => this.#disconnected(`${method}: the connection was lost before the answer`),
    )
    this.#fail(reason)
    this.#events.emit('disconnected')
    this.#retryLater(index + 1)
  }

  #receive(text: string): void {
    this.#heardAt = Date.now()
    let message: NodeMessage
    try {
      message = parseNodeMessage(text)
    } catch (error) {
      this.#socket?.end(`a message that is none of a node: ${messageOf(error)}`)
      return
    }
    if (message.params !== undefined) {
      this.#subscriptions.notify(message, this.#beginning.size > 0)
      return
    }
    const useless = this.#requests.answer(message)
    if (useless !== undefined) this.#socket?.end(useless)
  }

  #timeout(method: string): ChainError {
    const { timeoutMs, endpoints } = this.#options
    const where = this.isConnected ? '' : `; no node answers at ${endpoints.join(', ')} (${this.lastFailure ?? ''})`
    return new ChainError(
      `${method}: no answer from the chain within ${timeoutMs} ms${where}`,
      { code: 'timeout', what: method, afterMs: timeoutMs },
      { mend: 'the node may be overloaded or gone; several may be given in --subtensor.chain_endpoint' },
    )
  }

  #disconnected(message: string): ChainError {
    return new ChainError(message, { code: 'disconnected', endpoints: this.#options.endpoints })
  }

  #fail(reason: string, cause?: unknown): void {
    this.lastFailure = reason
    this.#events.emit('error', new Error(reason, { cause }))
  }
}
