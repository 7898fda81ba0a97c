import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { ForkError } from './forkError.ts'

/** JSON-RPC calls that block until they are answered: state is read in the middle of a block, where nothing can wait. */
export interface SyncRpc {
  readonly endpoint: string
  /** @throws ForkError where nobody answers in time, or the answer is an error */
  call(method: string, params: readonly unknown[]): unknown
  close(): void
}

const timeoutMs = 30_000

/** Fetches in a thread of its own; as text, since it has to run both from source and compiled. */
const program = `
const { workerData: { url, shared, port, timeoutMs } } = require('node:worker_threads')
port.on('message', async ({ id, body }) => {
  const reply = { id }
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(timeoutMs) })
    if (response.ok) reply.text = await response.text()
    else reply.failure = 'HTTP status ' + response.status
  } catch (error) {
    reply.failure = error.cause?.message || error.cause?.code || error.message
  }
  port.postMessage(reply)
  Atomics.add(shared, 0, 1)
  Atomics.notify(shared, 0)
})
`

interface Reply {
  readonly id: number
  readonly text?: string
  readonly failure?: string
}

/** @param endpoint `ws://…` or `wss://…`; nodes answer HTTP on the same port */
export function syncRpc(endpoint: string): SyncRpc {
  const url = endpoint.replace(/^ws/, 'http')
  /** Counts the answers. */
  const shared = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  const workerData = { url, shared, port: port2, timeoutMs }
  const worker = new Worker(program, { eval: true, workerData, transferList: [port2] })
  worker.unref()
  port1.unref()
  let lastId = 0

  /** The thread ends a fetch by itself; a second more, and it is gone. */
  const answerTo = (id: number, method: string): Reply => {
    const deadlineMs = performance.now() + timeoutMs + 1_000
    for (;;) {
      const answers = Atomics.load(shared, 0)
      const received = receiveMessageOnPort(port1) as { message: Reply } | undefined
      // An older one belongs to a call that was given up.
      if (received?.message.id === id) return received.message
      if (received !== undefined) continue
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0 || Atomics.wait(shared, 0, answers, leftMs) === 'timed-out')
        throw silent(endpoint, method, 'no answer')
    }
  }

  return {
    endpoint,
    call: (method, params) => {
      const id = ++lastId
      port1.postMessage({ id, body: JSON.stringify({ jsonrpc: '2.0', id, method, params }) })
      const { text, failure } = answerTo(id, method)
      if (text === undefined) throw silent(endpoint, method, failure ?? 'no answer')
      return resultOf(endpoint, method, text)
    },
    close: () => {
      port1.close()
      void worker.terminate()
    },
  }
}

function resultOf(endpoint: string, method: string, text: string): unknown {
  let reply: { result?: unknown; error?: { message?: string; data?: unknown } }
  try {
    reply = JSON.parse(text)
  } catch (error) {
    throw refused(endpoint, method, 'the answer is no JSON', error)
  }
  if (reply.error === undefined) return reply.result
  const { message = 'unknown error', data } = reply.error
  throw refused(endpoint, method, data === undefined ? message : `${message}: ${String(data)}`)
}

function silent(endpoint: string, method: string, reason: string): ForkError {
  return new ForkError(
    `the fork's source ${endpoint} does not answer ${method} (${reason}), and what it would say is not cached`,
    { code: 'fork-source-silent', endpoint, method },
    { mend: 'start the source again, or use only what was read before' },
  )
}

function refused(endpoint: string, method: string, reason: string, cause?: unknown): ForkError {
  return new ForkError(
    `the fork's source ${endpoint} refuses ${method}: ${reason}`,
    { code: 'fork-source-refused', endpoint, method },
    { mend: 'give a node that keeps the state of this block: an archive node, or a newer block with --at', cause },
  )
}
