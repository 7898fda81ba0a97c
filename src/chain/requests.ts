import { metadataFault } from './metadataFault.ts'
import { nodeErrorIn } from './nodeError.ts'

/** A JSON-RPC message from a node: an answer, or a notification of a subscription. */
export interface NodeMessage {
  readonly id?: number
  readonly result?: unknown
  readonly error?: unknown
  readonly params?: { readonly subscription: unknown; readonly result?: unknown; readonly error?: unknown }
}

/** @throws SyntaxError for what is no JSON, TypeError for what is no message */
export function parseNodeMessage(text: string): NodeMessage {
  const message = JSON.parse(text) as NodeMessage | null
  if (typeof message !== 'object' || message === null) throw new TypeError('it is no object')
  const { params } = message as { readonly params?: unknown }
  if (params !== undefined && (typeof params !== 'object' || params === null))
    throw new TypeError('its params are none')
  return message
}

interface Request {
  readonly method: string
  readonly text: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout | undefined
}

/**
 * What @polkadot/api asks by itself to follow runtime upgrades. It throws their failure where nobody can catch it, so
 * they are never rejected, but repeated, on other connections too, until they are answered with what it can read.
 */
const vital: ReadonlySet<string> = new Set(['state_subscribeRuntimeVersion', 'state_getMetadata'])

/** Requests that wait for their answers, whatever becomes of connections. */
export class Requests {
  readonly #waiting = new Map<number, Request>()
  #lastId = 0

  /** @param late makes the error of a request that has waited for `timeoutMs` */
  add(
    method: string,
    params: unknown[],
    timeoutMs: number,
    late: () => Error,
  ): { text: string; done: Promise<unknown> } {
    const id = ++this.#lastId
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params })
    const done = new Promise<unknown>((resolve, reject) => {
      const timer = vital.has(method) ? undefined : setTimeout(() => this.#take(id)?.reject(late()), timeoutMs)
      this.#waiting.set(id, { method, text, resolve, reject, timer })
    })
    return { text, done }
  }

  /** @returns why the connection is of no use: the node refuses what cannot be done without */
  answer(message: NodeMessage): string | undefined {
    const error = nodeErrorIn(message)
    const id = message.id ?? -1
    const request = this.#waiting.get(id)
    if (request === undefined) return undefined
    const fault = error?.message ?? (request.method === 'state_getMetadata' ? metadataFault(message.result) : undefined)
    if (fault !== undefined && vital.has(request.method)) return `${request.method}: ${fault}`
    this.#take(id)
    if (error === undefined) request.resolve(message.result)
    else request.reject(error)
    return undefined
  }

  /** The text of each, to be sent on a new connection. */
  texts(): string[] {
    return [...this.#waiting.values()].map(({ text }) => text)
  }

  /** Rejects those whose method `matches`, save vital ones. */
  reject(matches: (method: string) => boolean, error: (method: string) => Error): void {
    for (const [id, { method, reject }] of this.#waiting) {
      if (!matches(method)) continue
      this.#take(id)
      if (!vital.has(method)) reject(error(method))
    }
  }

  #take(id: number): Request | undefined {
    const request = this.#waiting.get(id)
    if (request === undefined) return undefined
    clearTimeout(request.timer)
    this.#waiting.delete(id)
    return request
  }
}
