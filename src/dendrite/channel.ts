import { randomBytes } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { RawData, WebSocket } from 'ws'
import { TokenBucket } from '../base/tokenBucket.ts'
import type { AxonMessage, DoneMessage, ErrorMessage, WelcomeMessage } from '../wire/axonMessage.ts'
import type { CallerMessage } from '../wire/callerMessage.ts'
import { readAxonMessage } from '../wire/readMessage.ts'
import type { ReceiptCrypto } from '../wire/verifyReceipt.ts'
import { errorOfClose, wireErrors } from '../wire/wireError.ts'
import { writeCallerMessage } from '../wire/writeMessage.ts'
import type { Call, CallHolder } from './call.ts'
import { DendriteError } from './dendriteError.ts'
import { maskedTextFrame } from './maskedTextFrame.ts'
import { nativeCrypto } from './nativeCrypto.ts'
import type { ChannelOptions } from './openChannel.ts'
import { receiptFault, receiptOf } from './receiptOf.ts'
import type { Target } from './target.ts'

export interface ChannelParts {
  readonly target: Target
  readonly options: ChannelOptions
  readonly welcome: WelcomeMessage
}

/** An axon may ask to be pinged often, but not to be flooded with pings, and seldom, but not never. */
const minHeartbeatMs = 1_000
const maxHeartbeatMs = 60_000
const silentBeats = 3
/** Where an axon does not say how long. */
const defaultRestMs = 1_000

/**
 * What an axon may send that is of no use to any call, at once and a second: pongs, and what crosses a cancellation. In
 * bytes, `idleFrameBytes` for each frame beside its own.
 */
const idleBytes = { atOnce: 8 * 1024 * 1024, perSecond: 256 * 1024 }
const idleFrameBytes = 256
/** Of what this end sends, so much may wait for an axon to read it. */
const maxUnreadBytes = 16 * 1024 * 1024

/** One connection to one axon after the welcome, and the calls on it. It ends once and does not come back. */
export class Channel implements CallHolder {
  readonly welcome: WelcomeMessage
  /** Called once when no more calls may be submitted, with the reason where it is no loss: the axon said goodbye. */
  onGoodbye: ((reason: 'draining' | 'idle') => void) | undefined
  /** Called once at the end, after the calls in flight failed; the calls that were not sent yet come with it. */
  onEnd: ((error: DendriteError, unsent: readonly Call[]) => void) | undefined
  readonly #ws: WebSocket
  readonly #socket: TLSSocket
  readonly #parts: ChannelParts
  readonly #crypto: ReceiptCrypto
  readonly #sent = new Map<string, Call>()
  readonly #unsent = new Set<Call>()
  readonly #idPrefix = `${randomBytes(9).toString('base64url').replaceAll('-', '.')}:`
  readonly #beat: NodeJS.Timeout
  readonly #idle = new TokenBucket(idleBytes.atOnce, idleBytes.perSecond, performance.now())
  #lastId = 0
  /** The axon has said that this hotkey asks too often; until then nothing is sent that it would refuse. */
  #restUntilMs = 0
  #heardAtMs = performance.now()
  #corked = false
  #end: DendriteError | undefined
  #isParting = false
  #isLeaving = false

  constructor(ws: WebSocket, socket: TLSSocket, parts: ChannelParts) {
    this.#ws = ws
    this.#socket = socket
    this.#parts = parts
    this.welcome = parts.welcome
    this.#crypto = nativeCrypto(parts.target.publicKey)
    const asked = Math.min(Math.max(parts.welcome.limits.heartbeatMs, minHeartbeatMs), maxHeartbeatMs)
    const heartbeatMs = Math.min(parts.options.heartbeatMs ?? asked, asked)
    this.#beat = setInterval(() => this.#checkAlive(heartbeatMs), heartbeatMs / 2)
    ws.on('message', (data) => this.#onFrame(data))
    ws.on('ping', () => this.#countIdle(0))
    ws.on('pong', () => this.#countIdle(0))
    ws.on('error', (error) => this.#lost({ cause: error }))
    ws.on('close', (closeCode) => this.#onClose(closeCode))
  }

  /** Why it has ended; undefined while it has not. */
  get end(): DendriteError | undefined {
    return this.#end
  }

  /** Whether the axon has said goodbye. */
  get isParting(): boolean {
    return this.#isParting
  }

  /** Sends the call, or keeps it until the axon has room for another of ours. */
  submit(call: Call): void {
    call.holder = this
    if (this.#end !== undefined) call.fail(this.#end)
    else if (this.#sent.size < this.welcome.limits.maxPending) this.#ask(call)
    else this.#unsent.add(call)
  }

  /** The call has ended on this side. */
  drop(call: Call): void {
    if (this.#unsent.delete(call) || !this.#sent.delete(call.id)) return
    this.#writeMessage({ type: 'cancel', id: call.id })
    this.#askNext()
    this.#closeIfLeft()
  }

  /** Hands back the calls that were not sent yet, to be put elsewhere. */
  takeUnsent(): Call[] {
    const calls = [...this.#unsent]
    this.#unsent.clear()
    return calls
  }

  /** Closes it once nothing is in flight: an axon that has said goodbye need not hang up by itself. */
  leave(): void {
    this.#isLeaving = true
    this.#closeIfLeft()
  }

  close(): void {
    this.#finish(new DendriteError('the session was closed', { code: 'closed' }))
    this.#ws.close(1000)
  }

  #closeIfLeft(): void {
    if (this.#isLeaving && this.#sent.size === 0) this.close()
  }

  /** False: it cannot be sent to this axon, or not now, and has failed. */
  #ask(call: Call): boolean {
    const restMs = this.#restUntilMs === 0 ? 0 : Math.ceil(this.#restUntilMs - performance.now())
    if (restMs > 0) {
      const message = `${this.#parts.target.hotkey} takes no more asks from here for ${restMs} ms`
      call.fail(new DendriteError(message, { code: 'unanswered', reason: 'rate-limited', retryAfterMs: restMs }))
      return false
    }
    const { request, options, remainingMs: deadlineMs } = call
    const id = this.#idPrefix + ++this.#lastId
    const { domain, receipt } = options
    const ask = { type: 'ask', id, domain, request, deadlineMs, ...(receipt === false && { receipt }) } as const
    const frame = maskedTextFrame(writeCallerMessage(ask))
    const { maxFrameBytes } = this.welcome.limits
    if (frame.length > maxFrameBytes) {
      // Sent, it would cost the session and every call on it.
      const message = `the ask has ${frame.length} bytes where ${this.#parts.target.hotkey} takes ${maxFrameBytes}`
      call.fail(new DendriteError(message, { code: 'unanswered', reason: 'oversize' }))
      return false
    }
    call.id = id
    this.#sent.set(id, call)
    this.#write(frame)
    return true
  }

  #askNext(): void {
    for (const call of this.#unsent) {
      this.#unsent.delete(call)
      if (this.#ask(call)) return
    }
  }

  #onFrame(data: RawData): void {
    if (this.#end !== undefined) return
    this.#heardAtMs = performance.now()
    const read = readAxonMessage(data.toString())
    if (!read.ok) this.#accuse(read.detail)
    else if (read.message.type === 'welcome') this.#accuse('a second welcome came')
    else if (!this.#onMessage(read.message)) this.#countIdle(bytesOf(data))
  }

  /** False: it was of no use to any call. */
  #onMessage(message: AxonMessage): boolean {
    const call = 'id' in message && message.id !== undefined ? this.#sent.get(message.id) : undefined
    if (message.type === 'error' && message.id === undefined) this.#onSessionError(message)
    else if (message.type === 'goodbye') this.#onGoodbye(message.reason)
    // What has no call may cross our cancellation.
    if (call === undefined) return false
    if (message.type === 'piece') call.append(message.text)
    else if (message.type === 'done') this.#onDone(call, message)
    else if (message.type === 'error') this.#onCallError(call, message)
    return message.type !== 'piece' || message.text !== ''
  }

  #countIdle(bytes: number): void {
    if (this.#end !== undefined || this.#idle.take(performance.now(), idleFrameBytes + bytes)) return
    this.#accuse('it floods this end with messages that nobody asked for')
  }

  #onDone(call: Call, done: DoneMessage): void {
    this.#sent.delete(done.id)
    this.#askNext()
    if (done.text !== undefined) call.append(done.text)
    const receipt = done.receipt === undefined ? undefined : receiptOf(call, done, done.receipt, this.#parts)
    const fault = receiptFault(call, receipt, this.#parts, this.#crypto)
    if (fault === undefined) call.finish(done, receipt)
    else call.fail(fault)
    this.#closeIfLeft()
  }

  #onGoodbye(reason: 'draining' | 'idle'): void {
    this.#isParting = true
    this.onGoodbye?.(reason)
  }

  /** The close follows. A fault in something unnamed that does not end the session is ours alone. */
  #onSessionError({ code: reason, message }: ErrorMessage): void {
    if (wireErrors[reason].close !== undefined) this.#finish(new DendriteError(message, { code: 'refused', reason }))
  }

  #onCallError(call: Call, { code: reason, message, retryAfterMs }: ErrorMessage): void {
    this.#sent.delete(call.id)
    if (reason === 'rate-limited') this.#restUntilMs = performance.now() + (retryAfterMs ?? defaultRestMs)
    this.#askNext()
    const failure = { code: 'unanswered', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const
    call.fail(new DendriteError(`${this.#parts.target.hotkey} does not answer: ${message}`, failure))
    this.#closeIfLeft()
  }

  #checkAlive(heartbeatMs: number): void {
    if (performance.now() - this.#heardAtMs <= heartbeatMs * silentBeats) this.#writeMessage({ type: 'ping' })
    else this.#lost({ problem: 'nothing was heard for too long' })
  }

  #onClose(closeCode: number): void {
    const reason = errorOfClose(closeCode)
    if (reason === undefined) this.#lost({ closeCode })
    else this.#finish(new DendriteError(wireErrors[reason].text, { code: 'refused', reason }))
  }

  #accuse(detail: string): void {
    const { hotkey } = this.#parts.target
    this.#finish(new DendriteError(`axon ${hotkey} breaks the protocol: ${detail}`, { code: 'bad-axon' }))
    this.#ws.terminate()
  }

  #lost({
    problem = 'it was closed',
    closeCode,
    cause,
  }: {
    problem?: string
    closeCode?: number
    cause?: unknown
  }): void {
    const failure = { code: 'connection-lost', ...(closeCode !== undefined && { closeCode }) } as const
    this.#finish(
      new DendriteError(`the connection to ${this.#parts.target.hotkey} is lost: ${problem}`, failure, { cause }),
    )
    this.#ws.terminate()
  }

  #finish(error: DendriteError): void {
    if (this.#end !== undefined) return
    this.#end = error
    clearInterval(this.#beat)
    const sent = [...this.#sent.values()]
    this.#sent.clear()
    for (const call of sent) call.fail(error)
    this.onEnd?.(error, this.takeUnsent())
  }

  #writeMessage(message: CallerMessage): void {
    this.#write(maskedTextFrame(writeCallerMessage(message)))
  }

  /** Frames of one turn of the event loop leave in one TLS record. */
  #write(frame: Buffer): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return
    if (!this.#corked) {
      if (this.#socket.writableLength > maxUnreadBytes) {
        this.#lost({ problem: 'it does not read what is sent' })
        return
      }
      this.#corked = true
      this.#socket.cork()
      process.nextTick(uncork, this)
    }
    this.#socket.write(frame)
  }

  /** For `uncork` alone. */
  release(): void {
    this.#corked = false
    this.#socket.uncork()
  }
}

function bytesOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength
}

function uncork(channel: Channel): void {
  channel.release()
}
