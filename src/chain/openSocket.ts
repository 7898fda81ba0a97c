import WebSocket from 'ws'
import { messageOf } from '../base/errors.ts'
import { nodeErrorIn } from './nodeError.ts'

export interface SocketOptions {
  /** For TCP, TLS, the upgrade and the first answer together. */
  readonly attemptMs: number
  /** Called with each message after the first answer. */
  readonly onMessage: (text: string) => void
  /** Called once, when a socket that was open is gone. */
  readonly onGone: (reason: string) => void
}

/** A socket to a node that has answered. */
export interface OpenSocket {
  readonly genesisHash: string
  send(text: string): void
  /** Ends it at once; a peer that has gone silent would never answer a polite close. */
  end(reason: string): void
  /** Ends it politely, and at once where the peer does not answer. */
  close(): void
}

// Metadata of a real chain is some 300 kB of hex, and a page of storage may be larger.
const maxMessageBytes = 64 * 2 ** 20
const politenessMs = 500

/**
 * Opens a WebSocket to a node and asks it for its genesis: a server that accepts connections but does not answer is no
 * node.
 *
 * @throws Error saying why this endpoint is of no use
 */
export async function openSocket(endpoint: string, options: SocketOptions): Promise<OpenSocket> {
  const socket = new WebSocket(endpoint, { perMessageDeflate: false, maxPayload: maxMessageBytes })
  let answered: ((genesisHash: string) => void) | undefined
  let failed: ((error: Error) => void) | undefined
  let gone: string | undefined
  const fail = (reason: string): void => {
    if (gone !== undefined) return
    gone = reason
    if (failed !== undefined) failed(new Error(reason))
    else options.onGone(reason)
  }
  socket.on('error', (error) => fail(messageOf(error)))
  socket.on('close', (code, reason) => fail(`closed with code ${code}${reason.length > 0 ? ` (${reason})` : ''}`))
  socket.on('open', () =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'chain_getBlockHash', params: [0] })),
  )
  socket.on('message', (data) => {
    // A message that was under way when the socket was given up belongs to nobody.
    if (gone !== undefined) return
    const text = String(data)
    if (answered === undefined) return options.onMessage(text)
    const hash = firstAnswer(text)
    if (hash instanceof Error) fail(hash.message)
    else answered(hash)
  })
  const timer = setTimeout(() => {
    fail(`no answer within ${options.attemptMs} ms`)
  }, options.attemptMs)
  try {
    const genesisHash = await new Promise<string>((resolve, reject) => {
      answered = resolve
      failed = reject
    })
    // What broke together with the first answer would not be told any more.
    if (gone !== undefined) throw new Error(gone)
    return {
      genesisHash,
      send: (text) => socket.send(text),
      end: (reason) => {
        fail(reason)
        socket.terminate()
      },
      close: () => {
        fail('closed by us')
        const timer = setTimeout(() => socket.terminate(), politenessMs)
        socket.once('close', () => clearTimeout(timer))
        socket.close(1000)
      },
    }
  } catch (error) {
    socket.terminate()
    throw error
  } finally {
    clearTimeout(timer)
    answered = undefined
    failed = undefined
  }
}

function firstAnswer(text: string): string | Error {
  try {
    const answer = JSON.parse(text) as { result?: unknown; error?: unknown }
    const error = nodeErrorIn(answer)
    if (error !== undefined) return error
    return typeof answer.result === 'string' ? answer.result : new Error('its answer is not that of a node')
  } catch {
    // JSON.parse has one failure only.
    return new Error('its answer is not JSON')
  }
}
