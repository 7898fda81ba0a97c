import { backoffMs } from '../base/backoffMs.ts'
import { messageOf } from '../base/errors.ts'
import type { WelcomeMessage } from '../wire/axonMessage.ts'
import { AnswerStream } from './answerStream.ts'
import { Call, type CallHolder } from './call.ts'
import type { Channel } from './channel.ts'
import { DendriteError, isTransient } from './dendriteError.ts'
import { type ChannelOptions, openChannel } from './openChannel.ts'
import type { Answer, AskEvent, AskOptions, AskRequest, Target } from './target.ts'

type State =
  /** Not connected; the next call connects. */
  | { readonly type: 'idle' }
  | { readonly type: 'connecting'; readonly attempt: Promise<void> }
  | { readonly type: 'open'; readonly channel: Channel; readonly sinceMs: number }
  /** Nothing is tried before the timer fires. After a failed attempt calls fail with its error, after a loss they wait. */
  | { readonly type: 'resting'; readonly timer: NodeJS.Timeout; readonly failed: DendriteError | undefined }
  | { readonly type: 'closed' }

/** A connection that lasted this long counts as a success, so that the next pause is short again. */
const steadyMs = 5_000
/** An axon that stays away is tried this often; then the next call tries again. */
const maxTries = 8

/**
 * The lasting relation to one axon: connects when first asked, reconnects by itself with pauses that grow and are drawn
 * at random, and hands calls to whichever connection there is. A call that was sent when its connection was lost fails:
 * whether the axon has done the work is not known, so asking again is for the caller to decide.
 */
export class Session implements CallHolder {
  readonly target: Target
  readonly #options: ChannelOptions
  readonly #waiting = new Set<Call>()
  /** Connections that take nothing new but still answer. */
  readonly #leaving = new Set<Channel>()
  #state: State = { type: 'idle' }
  #failures = 0
  readonly #closing = new AbortController()

  constructor(target: Target, options: ChannelOptions) {
    this.target = target
    this.#options = options
  }

  /** What the axon said of itself; undefined while there is no connection. */
  get welcome(): WelcomeMessage | undefined {
    return this.#state.type === 'open' ? this.#state.channel.welcome : undefined
  }

  /** The answer piece by piece; leaving the loop early cancels it. The ask is sent at once. @throws DendriteError */
  ask(request: AskRequest, options: AskOptions): AsyncIterableIterator<AskEvent> {
    const stream = new AnswerStream()
    const call = new Call(request, options, stream)
    stream.onLeave = () => call.cancel()
    this.#submit(call)
    return stream
  }

  /** The whole answer. @throws DendriteError */
  askOnce(request: AskRequest, options: AskOptions): Promise<Answer> {
    return new Promise((onDone, onError) => this.#submit(new Call(request, options, { onDone, onError })))
  }

  /** Connects now, if there is no connection. @throws DendriteError when this attempt fails */
  async connect(): Promise<void> {
    const state = this.#state
    if (state.type === 'closed') throw sessionClosed()
    if (state.type === 'open') return
    if (state.type === 'connecting') return await state.attempt
    if (state.type === 'resting') clearTimeout(state.timer)
    await this.#connect()
  }

  /** Ends the connection and every call. */
  close(): void {
    const state = this.#state
    this.#state = { type: 'closed' }
    this.#closing.abort()
    if (state.type === 'resting') clearTimeout(state.timer)
    if (state.type === 'open') state.channel.close()
    for (const channel of this.#leaving) channel.close()
    this.#failWaiting(sessionClosed())
  }

  /** For calls that end while they wait here. */
  drop(call: Call): void {
    this.#waiting.delete(call)
  }

  #submit(call: Call): void {
    const state = this.#state
    if (call.options.signal?.aborted === true) call.cancel(call.options.signal.reason)
    else if (state.type === 'open') state.channel.submit(call)
    else if (state.type === 'closed') call.fail(sessionClosed())
    else if (state.type === 'resting' && state.failed !== undefined) call.fail(state.failed)
    else {
      call.holder = this
      this.#waiting.add(call)
      if (state.type === 'idle') this.#connectUnasked()
    }
  }

  #connect(): Promise<void> {
    const attempt = openChannel(this.target, this.#options, this.#closing.signal)
      .then((channel) => this.#opened(channel))
      .catch((error: unknown) => {
        if (this.#state.type === 'closed') throw sessionClosed()
        const known = error instanceof DendriteError ? error : cannotConnect(error)
        this.#failures++
        this.#rest(known)
        this.#failWaiting(known)
        throw known
      })
    this.#state = { type: 'connecting', attempt }
    return attempt
  }

  /** An attempt that nobody awaits: whoever waits for its outcome has a call that is told. */
  #connectUnasked(): void {
    this.#connect().catch(() => undefined)
  }

  #opened(channel: Channel): void {
    if (this.#state.type === 'closed') {
      channel.close()
      throw sessionClosed()
    }
    // By what came in one packet with the welcome.
    if (channel.end !== undefined) throw channel.end
    if (channel.isParting) {
      channel.close()
      throw new DendriteError(`${this.target.hotkey} said goodbye at once`, { code: 'connection-lost' })
    }
    this.#state = { type: 'open', channel, sinceMs: performance.now() }
    channel.onGoodbye = (reason) => this.#onGoodbye(channel, reason)
    channel.onEnd = (error, unsent) => this.#onEnd(channel, error, unsent)
    const calls = [...this.#waiting]
    this.#waiting.clear()
    for (const call of calls) channel.submit(call)
  }

  #onGoodbye(channel: Channel, reason: 'draining' | 'idle'): void {
    if (this.#state.type !== 'open' || this.#state.channel !== channel) return
    this.#leaving.add(channel)
    if (reason === 'idle') this.#state = { type: 'idle' }
    else this.#restAfterLoss()
    for (const call of channel.takeUnsent()) this.#submit(call)
    channel.leave()
  }

  #onEnd(channel: Channel, error: DendriteError, unsent: readonly Call[]): void {
    this.#leaving.delete(channel)
    const state = this.#state
    if (state.type === 'open' && state.channel === channel) {
      if (performance.now() - state.sinceMs > steadyMs) this.#failures = 0
      if (isTransient(error)) this.#restAfterLoss()
      else {
        this.#failures++
        this.#rest(error)
      }
    }
    for (const call of unsent) this.#submit(call)
  }

  #restAfterLoss(): void {
    this.#failures++
    this.#rest(undefined)
  }

  #rest(failed: DendriteError | undefined): void {
    if (this.#state.type === 'closed') return
    const timer = setTimeout(
      () => {
        const again = failed === undefined || isTransient(failed)
        if (this.#waiting.size > 0 || (again && this.#failures < maxTries)) this.#connectUnasked()
        else this.#state = { type: 'idle' }
      },
      backoffMs(Math.max(1, this.#failures), Math.random()),
    )
    // A pause keeps no process alive; a call that waits has a timer that does.
    timer.unref()
    this.#state = { type: 'resting', timer, failed }
  }

  #failWaiting(error: DendriteError): void {
    const calls = [...this.#waiting]
    this.#waiting.clear()
    for (const call of calls) call.fail(error)
  }
}

function sessionClosed(): DendriteError {
  return new DendriteError('the session was closed', { code: 'closed' })
}

/** A signer that does not sign, a key that is none: the fault is on this side. */
function cannotConnect(cause: unknown): DendriteError {
  return new DendriteError(`cannot connect: ${messageOf(cause)}`, { code: 'bad-caller' }, { cause })
}
