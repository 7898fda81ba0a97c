import { sign } from 'node:crypto'
import { type AxonMessage, axonMessageSchema, type DoneMessage } from '../wire/axonMessage.ts'
import type { AskMessage } from '../wire/callerMessage.ts'
import { answerHash, requestHash, settingsHash } from '../wire/hashes.ts'
import { problemOf } from '../wire/problemOf.ts'
import { isSurelyDone } from '../wire/quickCheck.ts'
import { noModel, receiptText, type Seal, type UnsignedReceipt } from '../wire/receipt.ts'
import { type WireErrorCode, wireErrors } from '../wire/wireError.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import type { AnswerContext, AnswerEvent, AskView, Caller } from './answer.ts'
import type { AxonCore } from './axonCore.ts'
import { AnswerError } from './axonError.ts'
import { nativeHash } from './nativeHash.ts'
import type { Waiting } from './places.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Done = Extract<AnswerEvent, { type: 'done' }>

/** Where an ask came from and its answer goes: a session, or one HTTP request. */
export interface Asker {
  readonly caller: Caller
  /** A `piece`, or the `done`, which is the last. */
  send(message: AxonMessage): void
  tellError(code: WireErrorCode, message: string, id: string, retryAfterMs?: number): void
  /** There is text to send: calls the ask's `flush` at the end of this turn of the event loop. */
  flushSoon(ask: Ask): void
  /** The ask is over. */
  forget(ask: Ask): void
}

/** Longest text of one frame; even with every character escaped it stays below the frame limit of the caller. */
const maxPieceChars = 128 * 1024

const timerStepMs = 64

/** One ask, from its arrival to its answer or error. It is also the context that `answer` gets. */
export class Ask implements Waiting, AnswerContext, AskView {
  readonly id: string
  readonly domain: string
  readonly request: AskMessage['request']
  readonly deadlineMs: number
  readonly #core: AxonCore
  readonly #asker: Asker
  readonly #wantsReceipt: boolean
  readonly #arrivedAtMs = performance.now()
  readonly #timer: NodeJS.Timeout
  #state: 'waiting' | 'running' | 'over' = 'waiting'
  #controller: AbortController | undefined
  #text = ''
  #sentChars = 0

  constructor(core: AxonCore, asker: Asker, message: AskMessage) {
    this.id = message.id
    this.domain = message.domain
    this.request = message.request
    this.deadlineMs = Math.min(message.deadlineMs, core.limits.maxDeadlineMs)
    this.#core = core
    this.#asker = asker
    this.#wantsReceipt = message.receipt !== false || !core.receiptsWaivable
    // In coarse steps: timers of one length share a list, and each further length costs a place in Node's heap.
    this.#timer = setTimeout(expire, Math.ceil(this.deadlineMs / timerStepMs) * timerStepMs, this)
  }

  get hotkey(): string {
    return this.#asker.caller.hotkey
  }

  get weight(): number {
    return this.#asker.caller.weight
  }

  get caller(): Caller {
    return this.#asker.caller
  }

  /** Made on first use: an AbortSignal costs as much as all other checks of an ask together. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#state === 'over') this.#controller.abort()
    return this.#controller.signal
  }

  /** Called when a place is free. The place is held until `answer` has really stopped, also after an abort. */
  start(): void {
    this.#state = 'running'
    void this.#run()
  }

  displace(): void {
    this.abort('busy')
  }

  /** Ends the ask with an error to its caller, if it is not over. */
  abort(code: WireErrorCode, options: { message?: string; error?: unknown; retryAfterMs?: number } = {}): void {
    if (this.#state === 'over') return
    if (this.#state === 'waiting') this.#core.places.leave(this)
    this.#settle()
    const { message = wireErrors[code].text, retryAfterMs } = options
    this.#asker.tellError(code, message, this.id, retryAfterMs)
    const { id, hotkey, domain } = this
    this.#core.onEvent({
      type: 'unanswered',
      hotkey,
      id,
      domain,
      code,
      ...('error' in options && { error: options.error }),
    })
    this.#controller?.abort()
  }

  /** Sends what has come since the last piece. */
  flush(): void {
    if (this.#state !== 'running') return
    for (; this.#sentChars < this.#text.length; this.#sentChars += maxPieceChars) {
      const text = this.#text.slice(this.#sentChars, this.#sentChars + maxPieceChars)
      this.#asker.send({ type: 'piece', id: this.id, text })
    }
    this.#sentChars = this.#text.length
  }

  async #run(): Promise<void> {
    try {
      for await (const event of this.#core.answer(this, this)) {
        if (this.#isOver()) return
        if (event.type === 'text') this.#append(event.text)
        else if (event.type === 'done') this.#finish(event)
      }
      if (!this.#isOver()) this.abort('failed', { error: new Error('the answer ended without a done event') })
    } catch (error) {
      if (error instanceof AnswerError) {
        const { failure, message } = error
        const waitMs = 'retryAfterMs' in failure ? Math.ceil(failure.retryAfterMs ?? Number.NaN) : Number.NaN
        const retry = Number.isSafeInteger(waitMs) && waitMs >= 0 ? { retryAfterMs: waitMs } : {}
        this.abort(failure.code, { message: message.slice(0, wireLimits.maxErrorChars), error, ...retry })
      } else this.abort('failed', { error })
    } finally {
      this.#core.places.release()
    }
  }

  #isOver(): boolean {
    return this.#state === 'over'
  }

  #append(text: string): void {
    if (this.#text.length === this.#sentChars) this.#asker.flushSoon(this)
    this.#text += text
    if (this.#text.length > wireLimits.maxAnswerChars) {
      this.abort('failed', { error: new Error(`the answer is longer than ${wireLimits.maxAnswerChars} characters`) })
    }
  }

  #finish(done: Done): void {
    const { reason, promptTokens, completionTokens, confidence, traceHash } = done
    const message: Writable<DoneMessage> = {
      type: 'done',
      id: this.id,
      reason,
      promptTokens,
      completionTokens,
      traceHash,
    }
    if (confidence !== undefined) message.confidence = confidence
    const problem = problemOfDone(message)
    if (problem !== undefined) {
      this.abort('failed', { error: new Error(`the answer's done event cannot be sent: ${problem}`) })
      return
    }
    if (this.#text.length - this.#sentChars > maxPieceChars) this.flush()
    const text = this.#text.slice(this.#sentChars)
    this.#settle()
    if (text !== '') message.text = text
    if (this.#wantsReceipt) message.receipt = this.#seal(done)
    this.#asker.send(message)
    const { id, hotkey, domain } = this
    const elapsedMs = performance.now() - this.#arrivedAtMs
    this.#core.onEvent({ type: 'answered', hotkey, id, domain, completionTokens, elapsedMs })
  }

  #seal(done: Done): Seal {
    const { hotkey, genesis, netuid, models, privateKey } = this.#core
    const unsigned: UnsignedReceipt = {
      version: 1,
      miner: hotkey,
      caller: this.hotkey,
      genesis,
      netuid,
      requestId: this.id,
      domain: this.domain,
      requestHash: requestHash(this.request, nativeHash),
      settingsHash: settingsHash(this.request, nativeHash),
      modelFingerprint: models.find((model) => model.domain === this.domain)?.fingerprint ?? noModel,
      answerHash: answerHash(this.#text, nativeHash),
      traceHash: done.traceHash,
      promptTokens: done.promptTokens,
      completionTokens: done.completionTokens,
      issuedAtMs: Date.now(),
    }
    const { requestHash: asked, settingsHash: settings, modelFingerprint, answerHash: answered, issuedAtMs } = unsigned
    const signature = sign(null, Buffer.from(receiptText(unsigned), 'latin1'), privateKey).toString('hex')
    return { requestHash: asked, settingsHash: settings, modelFingerprint, answerHash: answered, issuedAtMs, signature }
  }

  #settle(): void {
    this.#state = 'over'
    clearTimeout(this.#timer)
    this.#asker.forget(this)
  }
}

/** What a caller would take for a breach of the protocol, and end the session with all its asks. */
function problemOfDone(message: DoneMessage): string | undefined {
  if (isSurelyDone(message)) return undefined
  const { error } = axonMessageSchema.safeParse(message)
  return error === undefined ? undefined : problemOf(error, 'done')
}

function expire(ask: Ask): void {
  ask.abort('deadline')
}
