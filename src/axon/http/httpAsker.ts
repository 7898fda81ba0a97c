import type { AxonMessage, DoneMessage } from '../../wire/axonMessage.ts'
import type { Receipt } from '../../wire/receipt.ts'
import type { WireErrorCode } from '../../wire/wireError.ts'
import type { Caller } from '../answer.ts'
import type { Ask, Asker } from '../ask.ts'
import type { AxonCore } from '../axonCore.ts'
import type { HttpReply } from './httpReply.ts'

/** The asker of one HTTP request: turns what an ask says into the reply. */
export class HttpAsker implements Asker {
  readonly caller: Caller
  readonly #core: AxonCore
  readonly #reply: HttpReply
  readonly #domain: string
  readonly #onOver: () => void
  #text = ''

  /** @param onOver hears that the ask is over */
  constructor(core: AxonCore, parts: { caller: Caller; reply: HttpReply; domain: string; onOver: () => void }) {
    this.#core = core
    this.caller = parts.caller
    this.#reply = parts.reply
    this.#domain = parts.domain
    this.#onOver = parts.onOver
  }

  send(message: AxonMessage): void {
    if (message.type === 'piece') {
      this.#text += message.text
      if (this.#reply.form.isStreamed) this.#reply.piece(message.text)
    } else if (message.type === 'done') {
      const unsent = message.text ?? ''
      const answer = { text: this.#text + unsent, done: message, receipt: this.#receiptOf(message) }
      this.#reply.end(answer, unsent)
    }
  }

  tellError(code: WireErrorCode, message: string, _id: string, waitMs?: number): void {
    const retryAfterMs = waitMs ?? (code === 'busy' || code === 'draining' ? this.#core.limits.retryAfterMs : undefined)
    const mayStay = code !== 'draining'
    this.#reply.refuse(code, { message, mayStay, ...(retryAfterMs !== undefined && { retryAfterMs }) })
  }

  flushSoon(ask: Ask): void {
    // A plain reply has no use for pieces, and the ask keeps its text until the end.
    if (this.#reply.form.isStreamed) process.nextTick(flush, ask, this)
  }

  forget(): void {
    this.#onOver()
  }

  /** Ends an answer that is not read. */
  checkRead(ask: Ask): void {
    if (!this.#reply.isClogged) return
    this.#reply.cut()
    ask.abort('slow-reader')
  }

  #receiptOf({ id, traceHash, promptTokens, completionTokens, receipt }: DoneMessage): Receipt | undefined {
    if (receipt === undefined) return undefined
    const { hotkey: miner, genesis, netuid } = this.#core
    const { requestHash, settingsHash, modelFingerprint, answerHash, issuedAtMs, signature } = receipt
    return {
      version: 1,
      miner,
      caller: this.caller.hotkey,
      genesis,
      netuid,
      requestId: id,
      domain: this.#domain,
      requestHash,
      settingsHash,
      modelFingerprint,
      answerHash,
      traceHash,
      promptTokens,
      completionTokens,
      issuedAtMs,
      signature,
    }
  }
}

function flush(ask: Ask, asker: HttpAsker): void {
  ask.flush()
  asker.checkRead(ask)
}
