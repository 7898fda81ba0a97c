import type { RawData, WebSocket } from 'ws'
import { TokenBucket } from '../base/tokenBucket.ts'
import type { AxonMessage } from '../wire/axonMessage.ts'
import type { AskMessage, CallerMessage } from '../wire/callerMessage.ts'
import { readCallerMessage } from '../wire/readMessage.ts'
import { type WireErrorCode, wireErrors } from '../wire/wireError.ts'
import type { Caller } from './answer.ts'
import { Ask } from './ask.ts'
import type { AxonCore } from './axonCore.ts'
import type { Peer } from './peer.ts'

/** A caller whose hotkey is proved, and its asks. */
export class Session {
  readonly #core: AxonCore
  readonly #peer: Peer
  readonly #asks = new Map<string, Ask>()
  readonly #idleWords: TokenBucket
  #caller: Caller
  #unflushed: Ask[] = []
  #heardAtMs = performance.now()
  #askedAtMs = performance.now()

  constructor(core: AxonCore, peer: Peer, ws: WebSocket, caller: Caller) {
    this.#caller = caller
    this.#core = core
    this.#peer = peer
    const { maxIdleWords, idleWordsPerSecond } = core.limits
    this.#idleWords = new TokenBucket(maxIdleWords, idleWordsPerSecond, this.#heardAtMs)
    ws.on('message', (data, isBinary) => this.#onFrame(data, isBinary))
    ws.on('ping', () => this.#countIdleWord())
    ws.on('pong', () => this.#countIdleWord())
    ws.on('close', () => this.#onClose())
    core.sessions.add(this)
    core.onEvent({ type: 'opened', hotkey: caller.hotkey, remote: peer.remote })
  }

  get caller(): Caller {
    return this.#caller
  }

  get pending(): number {
    return this.#asks.size
  }

  send(message: AxonMessage): void {
    this.#peer.send(message)
  }

  tellError(code: WireErrorCode, message: string, id?: string, waitMs?: number): void {
    const retryAfterMs = waitMs ?? (code === 'busy' || code === 'draining' ? this.#core.limits.retryAfterMs : undefined)
    this.#peer.send({
      type: 'error',
      ...(id !== undefined && { id }),
      code,
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }

  /** Sends the ask's new text at the end of this turn of the event loop: in one frame, or with the `done` if that comes. */
  flushSoon(ask: Ask): void {
    if (this.#unflushed.length === 0) process.nextTick(flushAll, this)
    this.#unflushed.push(ask)
  }

  flush(): void {
    const asks = this.#unflushed
    this.#unflushed = []
    for (const ask of asks) ask.flush()
  }

  /** The ask is over. */
  forget(ask: Ask): void {
    this.#asks.delete(ask.id)
  }

  /** Closes the session if its peer has gone silent or asks nothing any more. Called now and then. */
  checkAlive(nowMs: number): void {
    const { heartbeatMs, silentBeats, idleMs } = this.#core.limits
    if (nowMs - this.#heardAtMs > heartbeatMs * silentBeats) this.#peer.close('silent')
    else if (this.#asks.size === 0 && nowMs - this.#askedAtMs > idleMs) {
      this.#peer.send({ type: 'goodbye', reason: 'idle' })
      this.#peer.close('idle')
    }
  }

  /** Tells the caller to ask elsewhere. */
  sayGoodbye(): void {
    this.#peer.send({ type: 'goodbye', reason: 'draining' })
  }

  /** See `Axon.readmit`. A policy that fails now says nothing about a caller that it let in before. */
  async readmit(): Promise<void> {
    const { hotkey } = this.#caller
    try {
      const admission = await this.#core.admit(hotkey, this.#peer.ip)
      if (admission.ok) this.#caller = { hotkey, stake: admission.stake, weight: admission.weight ?? 1 }
      else this.#peer.close(admission.code)
    } catch (error) {
      this.#core.onEvent({ type: 'not-readmitted', hotkey, remote: this.#peer.remote, error })
    }
  }

  leave(): void {
    this.#peer.leave()
  }

  /** Ends every ask and cuts the connection. */
  terminate(): void {
    this.abortAll('draining')
    this.#peer.terminate()
  }

  abortAll(code: WireErrorCode): void {
    for (const ask of [...this.#asks.values()]) ask.abort(code)
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    if (!this.#peer.isOpen) return
    this.#heardAtMs = performance.now()
    if (isBinary) {
      this.#peer.close('binary-frame')
      return
    }
    const read = readCallerMessage(data.toString())
    if (read.ok) this.#onMessage(read.message)
    else if (read.code === 'bad-message') this.#refuse('bad-message', read.id, read.detail)
    else this.#peer.close(read.code, read.detail)
  }

  #onMessage(message: CallerMessage): void {
    if (message.type === 'ask') this.#onAsk(message)
    else if (!this.#countIdleWord()) return
    else if (message.type === 'ping') this.#peer.send({ type: 'pong' })
    else if (message.type === 'cancel') this.#onCancel(message.id)
    else this.tellError('bad-message', 'the hello has been said')
  }

  #onAsk(message: AskMessage): void {
    this.#askedAtMs = this.#heardAtMs
    const { id, domain } = message
    const { limits, places, askRates, domains, draining } = this.#core
    const fault = this.#asks.has(id)
      ? 'duplicate-id'
      : !domains.includes(domain)
        ? 'unknown-domain'
        : draining
          ? 'draining'
          : this.#asks.size >= limits.maxPending
            ? 'busy'
            : undefined
    if (fault !== undefined) {
      this.#refuse(fault, id)
      return
    }
    const waitMs = askRates.take(this.#caller.hotkey, this.#heardAtMs)
    if (waitMs > 0) {
      if (this.#countIdleWord()) this.tellError('rate-limited', wireErrors['rate-limited'].text, id, waitMs)
      return
    }
    const ask = new Ask(this.#core, this, message)
    this.#asks.set(id, ask)
    if (places.enter(ask)) return
    ask.abort('busy')
    this.#countIdleWord()
  }

  #onCancel(id: string): void {
    const ask = this.#asks.get(id)
    if (ask !== undefined) ask.abort('cancelled')
    // Not a fault: a cancel may cross the answer on its way.
    else this.tellError('unknown-id', wireErrors['unknown-id'].text, id)
  }

  #refuse(code: WireErrorCode, id?: string, message: string = wireErrors[code].text): void {
    if (this.#countIdleWord()) this.tellError(code, message, id)
  }

  /** False: there were too many, and the session is closed. */
  #countIdleWord(): boolean {
    if (this.#idleWords.take(performance.now())) return true
    this.#peer.close('flood')
    return false
  }

  #onClose(): void {
    this.#core.sessions.delete(this)
    const { endCode, remote } = this.#peer
    this.abortAll('cancelled')
    this.#core.onEvent({ type: 'closed', hotkey: this.caller.hotkey, remote, code: endCode })
  }
}

function flushAll(session: Session): void {
  session.flush()
}
