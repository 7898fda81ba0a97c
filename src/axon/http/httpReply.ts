import type { ServerResponse } from 'node:http'
import { type WireErrorCode, wireErrors } from '../../wire/wireError.ts'
import type { ReplyForm, WholeAnswer } from './replyForm.ts'
import { statusOf } from './statusOf.ts'

/** The one reply to an HTTP request: a refusal, a whole answer, or pieces and an end. */
export class HttpReply {
  readonly #response: ServerResponse
  readonly #maxUnsentBytes: number
  form: ReplyForm
  /** Hears once that there is nothing more to come; the peer may still have to read it. */
  onEnd: (() => void) | undefined

  constructor(response: ServerResponse, form: ReplyForm, maxUnsentBytes: number) {
    this.#response = response
    this.form = form
    this.#maxUnsentBytes = maxUnsentBytes
  }

  get isOver(): boolean {
    return this.#response.writableEnded || this.#response.destroyed
  }

  /** Unsent text of a peer that does not read. */
  get isClogged(): boolean {
    return this.#response.writableLength + (this.#response.socket?.writableLength ?? 0) > this.#maxUnsentBytes
  }

  piece(text: string): void {
    if (this.isOver) return
    if (!this.#response.headersSent) this.#response.writeHead(200, this.form.headers(200, 'Success'))
    this.#response.write(this.form.piece(text))
  }

  end(answer: WholeAnswer, unsent: string): void {
    this.close(200, 'Success', this.form.end(answer, unsent))
  }

  /** The end of a reply, or all of one. */
  close(status: number, message: string, body: string): void {
    if (this.isOver) return
    if (!this.#response.headersSent) {
      this.#response.setHeader('content-length', Buffer.byteLength(body))
      this.#response.writeHead(status, this.form.headers(status, message))
    }
    // As text, which Node sends with the headers in one piece.
    this.#response.end(body)
    this.onEnd?.()
  }

  /** @param options.mayStay whether the connection is good for another request; what is left of the body is passed over */
  refuse(code: WireErrorCode, options: { message?: string; retryAfterMs?: number; mayStay?: boolean } = {}): void {
    if (this.isOver) return
    const { message = wireErrors[code].text, retryAfterMs, mayStay = false } = options
    if (this.#response.headersSent) {
      // Without the last chunk: who does not read the error finds the answer cut off.
      this.#response.write(this.form.broken({ code, message }))
      this.#response.socket?.destroySoon()
      this.onEnd?.()
      return
    }
    if (!mayStay) this.#response.setHeader('connection', 'close')
    if (retryAfterMs !== undefined) this.#response.setHeader('retry-after', Math.ceil(retryAfterMs / 1_000))
    const status = statusOf(code)
    const told = status === 401 ? `Not Verified with error: ${message}` : message
    this.close(status, told, this.form.refusal({ code, message: told }))
  }

  /** Cuts the connection. */
  cut(): void {
    this.#response.destroy()
  }
}
