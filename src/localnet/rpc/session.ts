import type { WebSocket } from 'ws'
import { RpcError } from './rpcError.ts'

export interface SessionLimits {
  readonly subscriptions: number
  /** Unsent bytes at which no further request is read from the connection. */
  readonly pauseBytes: number
  /** Unsent bytes at which the connection is closed. */
  readonly closeBytes: number
}

interface Subscription {
  readonly notification: string
  readonly stop: () => void
}

/** One WebSocket connection: its subscriptions and its way out. */
export class Session {
  readonly #socket: WebSocket
  readonly #limits: SessionLimits
  readonly #subscriptions = new Map<string, Subscription>()
  /** Notifications that wait until the answers under way are out: a client learns the subscription's id first. */
  #held: string[] = []
  #answering = 0
  #nextId = 1
  #isHeld = false

  constructor(socket: WebSocket, limits: SessionLimits) {
    this.#socket = socket
    this.#limits = limits
  }

  /**
   * Begins a subscription.
   *
   * @param notification method name of its messages
   * @param start gets a function that sends one message and one to call after the last message; gives one that ends
   *   the subscription
   * @returns its id
   * @throws RpcError where the connection has too many
   */
  subscribe(notification: string, start: (send: (result: unknown) => void, end: () => void) => () => void): string {
    if (this.#subscriptions.size >= this.#limits.subscriptions) {
      throw new RpcError(
        'tooManySubscriptions',
        'Too many subscriptions on the connection',
        `Exceeded max limit of ${this.#limits.subscriptions}`,
      )
    }
    const id = `f${this.#nextId++}`
    let open = true
    const send = (result: unknown): void => {
      if (!open) return
      this.#notify(JSON.stringify({ jsonrpc: '2.0', method: notification, params: { subscription: id, result } }))
    }
    const stop = start(send, () => this.unsubscribe(notification, id))
    this.#subscriptions.set(id, {
      notification,
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
    this.#subscriptions.delete(id)
    subscription.stop()
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
    for (const message of held) this.#send(message)
  }

  close(): void {
    for (const { stop } of this.#subscriptions.values()) stop()
    this.#subscriptions.clear()
    this.#held = []
  }

  #notify(message: string): void {
    if (this.#answering > 0 || this.#isHeld) this.#held.push(message)
    else this.#send(message)
  }

  #send(message: string): void {
    const { pauseBytes, closeBytes } = this.#limits
    if (this.#socket.readyState !== this.#socket.OPEN) return
    // Not reading what it asked for: it must not fill our memory.
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
