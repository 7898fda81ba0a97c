import type { DoneMessage } from '../wire/axonMessage.ts'
import type { Receipt } from '../wire/receipt.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { DendriteError } from './dendriteError.ts'
import type { Answer, AskOptions, AskRequest } from './target.ts'

/** Whom a call tells how it went. `onText` may come any number of times, then one of the others once. */
export interface CallSink {
  onText?(text: string): void
  onDone(answer: Answer): void
  onError(error: DendriteError): void
}

/** Where a call waits or is in flight; told when the call ends otherwise than by the axon's word. */
export interface CallHolder {
  drop(call: Call): void
}

/** Node's timers fire at once where more is asked of them. */
const longestTimerMs = 2 ** 31 - 1

/** One ask on this side, from the call to its end: its deadline, its cancellation, the text so far. */
export class Call {
  readonly request: AskRequest
  readonly options: AskOptions
  holder: CallHolder | undefined
  /** Given when it is sent. */
  id = ''
  text = ''
  readonly #sink: CallSink
  readonly #startedAtMs = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #onAbort: (() => void) | undefined
  #firstTextMs: number | undefined
  #isOver = false

  constructor(request: AskRequest, options: AskOptions, sink: CallSink) {
    this.request = request
    this.options = options
    this.#sink = sink
    this.#timer = setTimeout(expire, Math.min(options.timeoutMs, longestTimerMs), this)
    const { signal } = options
    if (signal === undefined) return
    this.#onAbort = () => this.cancel(signal.reason)
    signal.addEventListener('abort', this.#onAbort)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Whole milliseconds, at least 1. */
  get remainingMs(): number {
    return Math.max(1, Math.floor(this.#startedAtMs + this.options.timeoutMs - performance.now()))
  }

  append(text: string): void {
    // An empty piece is nothing: kept for the reader, such pieces would grow past any bound on the text.
    if (this.#isOver || text === '') return
    this.#firstTextMs ??= performance.now() - this.#startedAtMs
    this.text += text
    if (this.text.length > wireLimits.maxAnswerChars) {
      const message = `the answer is longer than ${wireLimits.maxAnswerChars} characters`
      this.giveUp(new DendriteError(message, { code: 'bad-axon' }))
    } else this.#sink.onText?.(text)
  }

  finish(done: DoneMessage, receipt: Receipt | undefined): void {
    if (this.#isOver) return
    this.#settle()
    const { id, reason, promptTokens, completionTokens, confidence, traceHash } = done
    const elapsedMs = performance.now() - this.#startedAtMs
    this.#sink.onDone({
      id,
      text: this.text,
      reason,
      promptTokens,
      completionTokens,
      ...(confidence !== undefined && { confidence }),
      traceHash,
      ...(receipt !== undefined && { receipt }),
      elapsedMs,
      firstTextMs: this.#firstTextMs ?? elapsedMs,
    })
  }

  /** Ends it with what the holder found out. */
  fail(error: DendriteError): void {
    if (this.#isOver) return
    this.#settle()
    this.#sink.onError(error)
  }

  /** Ends it from this side; the axon is told, if the call has got that far. */
  giveUp(error: DendriteError): void {
    if (this.#isOver) return
    this.holder?.drop(this)
    this.fail(error)
  }

  cancel(reason?: unknown): void {
    this.giveUp(new DendriteError('the ask was cancelled', { code: 'cancelled' }, { cause: reason }))
  }

  #settle(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    if (this.#onAbort !== undefined) this.options.signal?.removeEventListener('abort', this.#onAbort)
  }
}

function expire(call: Call): void {
  const afterMs = call.options.timeoutMs
  call.giveUp(new DendriteError(`no whole answer within ${afterMs} ms`, { code: 'timeout', afterMs }))
}
