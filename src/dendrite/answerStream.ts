import type { CallSink } from './call.ts'
import type { DendriteError } from './dendriteError.ts'
import type { Answer, AskEvent } from './target.ts'

type Next = IteratorResult<AskEvent, undefined>

interface Reader {
  resolve(next: Next): void
  reject(error: DendriteError): void
}

const end: Next = { done: true, value: undefined }

/**
 * A call as an async iterator. What comes faster than it is read is kept; the call bounds how much that can be. For one
 * reader.
 */
export class AnswerStream implements CallSink, AsyncIterableIterator<AskEvent> {
  /** Called when the reader leaves before the end. */
  onLeave: (() => void) | undefined
  #events: AskEvent[] = []
  #error: DendriteError | undefined
  #isOver = false
  readonly #readers: Reader[] = []

  next(): Promise<Next> {
    const value = this.#events.shift()
    if (value !== undefined) return Promise.resolve({ done: false, value })
    const error = this.#error
    this.#error = undefined
    if (error !== undefined) return Promise.reject(error)
    if (this.#isOver) return Promise.resolve(end)
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }))
  }

  return(): Promise<Next> {
    const isEarly = !this.#isOver
    this.#finish()
    this.#events = []
    this.#error = undefined
    if (isEarly) this.onLeave?.()
    return Promise.resolve(end)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  onText(text: string): void {
    this.#push({ type: 'text', text })
  }

  onDone(answer: Answer): void {
    this.#push({ type: 'done', answer })
    this.#finish()
  }

  onError(error: DendriteError): void {
    if (this.#isOver) return
    const reader = this.#readers.shift()
    if (reader === undefined) this.#error = error
    else reader.reject(error)
    this.#finish()
  }

  #push(event: AskEvent): void {
    if (this.#isOver) return
    const reader = this.#readers.shift()
    if (reader === undefined) this.#events.push(event)
    else reader.resolve({ done: false, value: event })
  }

  #finish(): void {
    this.#isOver = true
    for (const reader of this.#readers.splice(0)) reader.resolve(end)
  }
}
