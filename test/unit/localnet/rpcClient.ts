import { WebSocket } from 'ws'

export interface Reply {
  readonly id: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string }
}

/** A WebSocket client that knows nothing but JSON-RPC. */
export class RpcClient {
  readonly socket: WebSocket
  readonly notifications: { method: string; subscription: string; result: unknown }[] = []
  readonly replies: Reply[] = []
  readonly #waiting = new Map<unknown, (reply: Reply) => void>()
  #id = 0
  #heard: (() => void)[] = []

  constructor(endpoint: string) {
    this.socket = new WebSocket(endpoint, { perMessageDeflate: false })
    this.socket.on('message', (data) => this.#receive(JSON.parse(String(data))))
  }

  static async connect(endpoint: string): Promise<RpcClient> {
    const client = new RpcClient(endpoint)
    await new Promise((resolve, reject) => client.socket.once('open', resolve).once('error', reject))
    return client
  }

  request(method: string, params: readonly unknown[] = []): Promise<Reply> {
    const id = ++this.#id
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  /** The result. @throws with the error's text */
  async call(method: string, params: readonly unknown[] = []): Promise<unknown> {
    const { result, error } = await this.request(method, params)
    if (error !== undefined) throw new Error(`${error.code}: ${error.message}: ${error.data ?? ''}`)
    return result
  }

  /** Resolves when the condition holds; it is looked at after each message. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#heard.push(resolve))
  }

  close(): void {
    this.socket.terminate()
  }

  #receive(message: unknown): void {
    for (const one of Array.isArray(message) ? message : [message]) {
      if ('method' in one) {
        this.notifications.push({ method: one.method, ...one.params })
      } else {
        this.replies.push(one)
        this.#waiting.get(one.id)?.(one)
        this.#waiting.delete(one.id)
      }
    }
    const heard = this.#heard
    this.#heard = []
    for (const wake of heard) wake()
  }
}

export async function post(endpoint: string, body: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(endpoint.replace('ws:', 'http:'), { method: 'POST', body })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
