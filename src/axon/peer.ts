import type { TLSSocket } from 'node:tls'
import type { WebSocket } from 'ws'
import type { AxonMessage } from '../wire/axonMessage.ts'
import { type WireErrorCode, wireErrors } from '../wire/wireError.ts'
import { writeAxonMessage } from '../wire/writeMessage.ts'
import { textFrame } from './textFrame.ts'

/** The ws library's names for what its own checks refuse. */
const codeOfWsError: Readonly<Record<string, WireErrorCode>> = {
  WS_ERR_INVALID_UTF8: 'bad-encoding',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'oversize',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'oversize',
}

/** RFC 6455, 7.4.1: for faults that have no code of their own. */
const policyViolation = 1008

/** The other end of one WebSocket, whoever it is: sends, refuses, and says once how it ended. */
export class Peer {
  readonly socket: TLSSocket
  readonly remote: string
  readonly ip: string
  readonly #ws: WebSocket
  readonly #maxUnsentBytes: number
  #corked = false
  #ended: { readonly code: WireErrorCode | undefined } | undefined

  constructor(ws: WebSocket, socket: TLSSocket, maxUnsentBytes: number) {
    this.#ws = ws
    this.socket = socket
    this.ip = socket.remoteAddress ?? ''
    this.remote = `${this.ip} port ${socket.remotePort}`
    this.#maxUnsentBytes = maxUnsentBytes
    // The library has sent its close frame already where it finds a frame at fault; a broken connection has no code.
    ws.on('error', (error: Error & { code?: string }) => {
      const code = error.code?.startsWith('WS_ERR') === true ? (codeOfWsError[error.code] ?? 'bad-frame') : undefined
      this.#ended ??= { code }
    })
  }

  /** False from the first reason to close on: what is still sent is dropped. */
  get isOpen(): boolean {
    return this.#ended === undefined && this.#ws.readyState === this.#ws.OPEN
  }

  /** Why it ended; undefined also for a peer that simply left. */
  get endCode(): WireErrorCode | undefined {
    return this.#ended?.code
  }

  /** Sends one frame. A peer that leaves too much unread is closed. */
  send(message: AxonMessage): void {
    if (!this.isOpen) return
    this.#write(writeAxonMessage(message))
    if (this.socket.writableLength > this.#maxUnsentBytes) this.close('slow-reader')
  }

  /** Tells the peer why and closes. Cut off if it does not answer the close frame in the server's close time-out. */
  close(code: WireErrorCode, detail?: string): void {
    if (!this.isOpen) return
    const { close, text } = wireErrors[code]
    // Whoever does not read is not sent more than the close frame.
    if (code !== 'slow-reader') {
      this.#write(writeAxonMessage({ type: 'error', code, message: detail ?? text }))
    }
    this.#ended = { code }
    this.#ws.close(close ?? policyViolation, code)
  }

  /** A close without a fault: 1001, going away. */
  leave(): void {
    this.#ended ??= { code: undefined }
    this.#ws.close(1001)
  }

  terminate(): void {
    this.#ended ??= { code: undefined }
    this.#ws.terminate()
  }

  /** Frames of one turn of the event loop leave in one TLS record. */
  #write(text: string): void {
    if (!this.#corked) {
      this.#corked = true
      this.socket.cork()
      process.nextTick(uncork, this)
    }
    this.socket.write(textFrame(text))
  }

  /** For `uncork` alone. */
  release(): void {
    this.#corked = false
    this.socket.uncork()
  }
}

function uncork(peer: Peer): void {
  peer.release()
}
