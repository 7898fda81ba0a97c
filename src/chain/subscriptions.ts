import type { ProviderInterfaceCallback } from '@polkadot/rpc-provider/types'
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
  readonly #early = new Map<string, NodeMessage[]>()

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
    subscription.remoteId = remoteId
    this.#byRemoteId.set(remoteId, subscription)
    const waiting = this.#early.get(remoteId) ?? []
    this.#early.delete(remoteId)
    for (const message of waiting) deliver(subscription, message)
  }

  notify(message: NodeMessage): void {
    const remoteId = String(message.params!.subscription)
    const subscription = this.#byRemoteId.get(remoteId)
    if (subscription !== undefined) {
      deliver(subscription, message)
      return
    }
    const waiting = this.#early.get(remoteId) ?? []
    if (waiting.length < mostEarly) this.#early.set(remoteId, [...waiting, message])
  }

  /** The connection is gone, and with it what followed extrinsics: those cannot be taken up on another one. */
  disconnected(): void {
    this.#byRemoteId.clear()
    this.#early.clear()
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
}

function deliver(subscription: Subscription, message: NodeMessage): void {
  const params = message.params!
  subscription.callback(nodeErrorIn(params) ?? null, params.result)
}
