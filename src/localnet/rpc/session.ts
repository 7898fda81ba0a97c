import type { WebSocket } from 'ws'
import { RpcError } from './rpcError.ts'

export interface SessionLimits {
  /** Of this connection. */
  readonly subscriptions: number
  /** Of all connections together. */
  readonly totalSubscriptions: number
  /** Storage keys that all subscriptions together name. */
  readonly totalKeys: number
  /** Unsent bytes at which no further request is read from the connection. */
  readonly pauseBytes: number
  /** Unsent bytes at which the connection is closed. */
  readonly closeBytes: number
}

/** How many subscriptions all connections of a server have, and how many storage keys those name. */
export interface SubscriptionCount {
  open: number
  keys: number
}

interface Subscription {
  readonly notification: string
  readonly keys: number
  readonly stop: () => void
}

/** One WebSocket connection: its subscriptions and its way out. */
export class Session {
  readonly #socket: WebSocket
  readonly #limits: SessionLimits
  readonly #count: SubscriptionCount
  readonly #subscriptions = new Map<string, Subscription>()
  /** Notifications that wait until the answers under way are out: a client learns the subscription's id first. */
  #held: string[] = []
  #heldCharacters = 0
  #answering = 0
  #nextId = 1
  #isClosed = false
  #isHeld = false

  constructor(socket: WebSocket, limits: SessionLimits, count: SubscriptionCount) {
    this.#socket = socket
    this.#limits = limits
    this.#count = count
  }

  /** Whether the connection is over, so that nothing needs an answer any more. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Begins a subscription.
   *
   * @param notification method name of its messages
   * @param start gets a function that sends one message and one to call after the last message; gives one that ends
   *   the subscription
   * @param keys how many storage keys it names
   * @returns its id
   * @throws RpcError where there are too many, or nobody is there any more
   */
  subscribe(
    notification: string,
    start: (send: (result: unknown) => void, end: () => void) => () => void,
    keys = 0,
  ): string {
    if (this.#isClosed) throw new RpcError('internal', 'The connection is closed')
    const { subscriptions, totalSubscriptions, totalKeys } = this.#limits
    if (this.#subscriptions.size >= subscriptions) throw tooMany('on the connection', subscriptions)
    if (this.#count.open >= totalSubscriptions) throw tooMany('on this node', totalSubscriptions)
    if (this.#count.keys + keys > totalKeys) throw tooMany('with so many keys on this node', totalKeys)
    const id = `f${this.#nextId++}`
    let open = true
    const send = (result: unknown): void => {
      if (!open) return
      this.#notify(JSON.stringify({ jsonrpc: '2.0', method: notification, params: { subscription: id, result } }))
    }
    const stop = start(send, () => this.unsubscribe(notification, id))
    this.#count.open++
    this.#count.keys += keys
    this.#subscriptions.set(id, {
      notification,
      keys,
      stop: () => {
        open = false
        stop()
      },
    })
    return id
  }

  /** @returns whether there was such a subscription */
  unsubscribe(notification: string, id: string): boolean {
    const subscription = this.#subscriptions.get(id)
    if (subscription?.notification !== notification) return false
    this.#end(id, subscription)
    return true
  }

  /** Runs a request and sends its answer; notifications that come up meanwhile follow it. */
  async answer(run: () => Promise<string | undefined>): Promise<void> {
    this.#answering++
    let reply: string | undefined
    try {
      reply = await run()
    } finally {
      this.#answering--
    }
    if (reply !== undefined) this.#send(reply)
    this.#sendHeld()
  }

  /** Falls silent: nothing more is read, and notifications wait. */
  hold(): void {
    this.#isHeld = true
    this.#socket.pause()
  }

  /** Goes on after `hold`. */
  release(): void {
    this.#isHeld = false
    this.#socket.resume()
    this.#sendHeld()
  }

  #sendHeld(): void {
    if (this.#answering > 0 || this.#isHeld) return
    const held = this.#held
    this.#held = []
    this.#heldCharacters = 0
    for (const message of held) this.#send(message)
  }

  close(): void {
    this.#isClosed = true
    for (const [id, subscription] of this.#subscriptions) this.#end(id, subscription)
    this.#held = []
  }

  #end(id: string, { keys, stop }: Subscription): void {
    this.#subscriptions.delete(id)
    this.#count.open--
    this.#count.keys -= keys
    stop()
  }

  #notify(message: string): void {
    if (this.#answering === 0 && !this.#isHeld) {
      this.#send(message)
      return
    }
    this.#held.push(message)
    this.#heldCharacters += message.length
    if (this.#heldCharacters > this.#limits.closeBytes) this.#socket.terminate()
  }

  #send(message: string): void {
    const { pauseBytes, closeBytes } = this.#limits
    if (this.#socket.readyState !== this.#socket.OPEN) return
    // It does not read what it asked for, which must not fill our memory.
    if (this.#socket.bufferedAmount > closeBytes) {
      this.#socket.terminate()
      return
    }
    this.#socket.send(message, () => {
      if (this.#socket.isPaused && !this.#isHeld && this.#socket.bufferedAmount < pauseBytes) this.#socket.resume()
    })
    if (this.#socket.bufferedAmount > pauseBytes && !this.#socket.isPaused) this.#socket.pause()
  }
}

function tooMany(where: string, limit: number): RpcError {
  return new RpcError('tooManySubscriptions', `Too many subscriptions ${where}`, `Exceeded max limit of ${limit}`)
}
