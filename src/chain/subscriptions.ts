import type { ProviderInterfaceCallback } from '@polkadot/rpc-provider/types'
import { messageOf } from '../base/errors.ts'
import { nodeErrorIn } from './nodeError.ts'
import type { NodeMessage } from './requests.ts'

export interface Subscription {
  /** Ours, the same on every connection. */
  readonly id: string
  readonly method: string
  readonly params: unknown[]
  readonly callback: ProviderInterfaceCallback
  /** What the node calls it; undefined while it does not know of it. */
  remoteId: string | undefined
}

/** Notifications may overtake the answer to their subscription; no more of them than this are kept. */
const mostEarly = 1_000

/** Subscriptions that outlive connections, under ids of our own. */
export class Subscriptions {
  readonly #all = new Map<string, Subscription>()
  readonly #byRemoteId = new Map<string, Subscription>()
  readonly #onUnreadable: (reason: string) => void
  #early: NodeMessage[] = []

  /** @param onUnreadable hears of news that is not what its listener subscribed to */
  constructor(onUnreadable: (reason: string) => void) {
    this.#onUnreadable = onUnreadable
  }

  add(subscription: Subscription): void {
    this.#all.set(subscription.id, subscription)
  }

  /** @returns the subscription, where there was one */
  remove(id: string): Subscription | undefined {
    const subscription = this.#all.get(id)
    this.#all.delete(id)
    if (subscription?.remoteId !== undefined) this.#byRemoteId.delete(subscription.remoteId)
    return subscription
  }

  /** Notes what the node calls a subscription, and hands over what has come for it already. */
  begun(subscription: Subscription, remoteId: string): void {
    // It may have been ended while a new connection was asked for it.
    if (this.#all.get(subscription.id) !== subscription) return
    subscription.remoteId = remoteId
    this.#byRemoteId.set(remoteId, subscription)
    const isMeant = (message: NodeMessage): boolean => remoteIdOf(message) === remoteId
    const waiting = this.#early.filter(isMeant)
    this.#early = this.#early.filter((message) => !isMeant(message))
    for (const message of waiting) this.#deliver(subscription, message)
  }

  /** @param mayBeEarly whether the node is just being asked for a subscription; else unknown ones are of no interest */
  notify(message: NodeMessage, mayBeEarly: boolean): void {
    const subscription = this.#byRemoteId.get(remoteIdOf(message))
    if (subscription !== undefined) this.#deliver(subscription, message)
    else if (mayBeEarly && this.#early.length < mostEarly) this.#early.push(message)
  }

  /** Nothing is being asked for any more. */
  forgetEarly(): void {
    this.#early = []
  }

  /** The connection is gone, and with it what followed extrinsics: those cannot be taken up on another one. */
  disconnected(): void {
    this.#byRemoteId.clear()
    this.forgetEarly()
    for (const subscription of this.#all.values()) {
      subscription.remoteId = undefined
      if (subscription.method.startsWith('author_')) this.#all.delete(subscription.id)
    }
  }

  /** Those that a new connection has to be asked for. */
  all(): Subscription[] {
    return [...this.#all.values()]
  }

  clear(): void {
    this.#all.clear()
    this.disconnected()
  }

  #deliver({ method, callback }: Subscription, { params }: NodeMessage): void {
    try {
      callback(nodeErrorIn(params!) ?? null, params!.result)
    } catch (error) {
      this.#onUnreadable(`news of ${method} that cannot be read: ${messageOf(error)}`)
    }
  }
}

const remoteIdOf = (message: NodeMessage): string => String(message.params!.subscription)
