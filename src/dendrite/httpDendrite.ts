import { createHash, randomUUID } from 'node:crypto'
import { Agent, request as send } from 'undici'
import { messageOf } from '../base/errors.ts'
import { joinSignals } from '../base/joinSignals.ts'
import { toHex } from '../keys/hex.ts'
import type { Signer } from '../keys/signer.ts'
import { showAddress } from '../wire/axonAddress.ts'
import { btauthText, writeBtauthHeaders } from '../wire/bittensor/btauth.ts'
import {
  type ChatAnswer,
  chatStreamSynapse,
  chatSynapse,
  requiredFields,
  writeChatSynapse,
} from '../wire/bittensor/chatSynapse.ts'
import { synapseText, writeSynapseHeaders } from '../wire/bittensor/synapseHeaders.ts'
import { noModel } from '../wire/receipt.ts'
import { verifyReceipt } from '../wire/verifyReceipt.ts'
import { DendriteError } from './dendriteError.ts'
import { refusalOf } from './httpRefusal.ts'
import { type HttpChunk, readHttpAnswer } from './readHttpAnswer.ts'
import type { Answer, AskEvent, AskOptions, AskRequest, Target } from './target.ts'

/** An axon that is spoken to by HTTP. */
export interface HttpTarget extends Omit<Target, 'publicKey'> {
  /** `synapse`: the headers of SDK 10; `btauth`: those of SDK 11. */
  readonly dialect: 'synapse' | 'btauth'
  /** The Ed25519 key that it published, if it did: then its answers need receipts, unless `receipt` is false. */
  readonly publicKey?: Uint8Array
}

export interface HttpDendriteOptions {
  /** The caller's hotkey; sr25519 for `synapse`. */
  readonly signer: Signer
  /** Genesis hash of the chain, `0x` and 64 hex digits, and the subnet: receipts are bound to both. */
  readonly genesis: string
  readonly netuid: number
}

/**
 * The caller's side towards axons that know no sessions, Python's above all: one signed POST a question, in the clear. What
 * they answer is not authenticated, except where a receipt comes that the axon's published key has signed.
 *
 * @see docs/dialects.md
 */
export class HttpDendrite {
  readonly #options: HttpDendriteOptions
  readonly #agent = new Agent()
  /** SDK 10 wants growing nonces from each uuid, and requests overtake each other: one uuid a request in flight. */
  readonly #freeUuids: string[] = []
  #lastNonce = 0n

  constructor(options: HttpDendriteOptions) {
    this.#options = options
  }

  /** The answer piece by piece; leaving the loop early cancels it. @throws DendriteError */
  ask(target: HttpTarget, request: AskRequest, options: AskOptions): AsyncGenerator<AskEvent, void> {
    return this.#ask(target, request, options, true)
  }

  /** The whole answer. @throws DendriteError */
  async askOnce(target: HttpTarget, request: AskRequest, options: AskOptions): Promise<Answer> {
    for await (const event of this.#ask(target, request, options, false)) {
      if (event.type === 'done') return event.answer
    }
    throw new DendriteError(`${target.hotkey} gave no answer`, { code: 'bad-axon' })
  }

  /** Cuts the connections; requests in flight fail. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async *#ask(
    target: HttpTarget,
    request: AskRequest,
    options: AskOptions,
    isStreamed: boolean,
  ): AsyncGenerator<AskEvent, void> {
    const startedAtMs = performance.now()
    const leaving = new AbortController()
    const ending = joinSignals([options.signal, leaving.signal], options.timeoutMs)
    const uuid = this.#freeUuids.pop() ?? randomUUID()
    let firstTextMs: number | undefined
    try {
      for await (const chunk of this.#send(target, request, {
        options,
        isStreamed,
        uuid,
        signal: ending.signal,
      })) {
        if (chunk.type === 'text') {
          firstTextMs ??= performance.now() - startedAtMs
          yield chunk
          continue
        }
        const elapsedMs = performance.now() - startedAtMs
        const answer = this.#check(target, request, options, chunk.answer)
        yield { type: 'done', answer: { ...answer, elapsedMs, firstTextMs: firstTextMs ?? elapsedMs } }
        return
      }
      throw new DendriteError(`${target.hotkey} ended its answer early`, { code: 'bad-axon' })
    } catch (error) {
      throw this.#failureOf(error, target, options, ending.isLate())
    } finally {
      leaving.abort()
      ending.release()
      this.#freeUuids.push(uuid)
    }
  }

  async *#send(target: HttpTarget, request: AskRequest, parts: SendParts): AsyncGenerator<HttpChunk, void> {
    const { options, isStreamed, signal } = parts
    const name = isStreamed ? chatStreamSynapse : chatSynapse
    const { body, bodyHash } = writeChatSynapse(options.domain, request, sha3)
    const text = JSON.stringify({ name, ...body })
    const headers = await this.#sign(target, { ...parts, name, text, bodyHash })
    const response = await send(`http://${showAddress(target.host, target.port)}/${name}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: text,
      dispatcher: this.#agent,
      signal,
      // The signal alone says when it is enough.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    if (response.statusCode !== 200) throw await refusalOf(response, target.hotkey)
    yield* readHttpAnswer(response.body, { isStreamed, hotkey: target.hotkey })
  }

  async #sign(
    { dialect, host, port, hotkey: axon }: HttpTarget,
    { name, text, bodyHash, uuid, options }: SignParts,
  ): Promise<Record<string, string>> {
    const { signer } = this.#options
    const hotkey = signer.address
    const nonce = this.#nextNonce()
    const sign = async (signed: string): Promise<string> => {
      try {
        return toHex(await signer.sign(Buffer.from(signed))).slice(2)
      } catch (cause) {
        throw new DendriteError(`cannot ask: ${messageOf(cause)}`, { code: 'bad-caller' }, { cause })
      }
    }
    if (dialect === 'btauth') {
      const bodySha256 = createHash('sha256').update(text).digest('hex')
      const line = { method: 'POST', target: `/${name}`, scheme: signer.type }
      const parts = { ...line, bodySha256, nonce, hotkey, receiver: axon }
      return writeBtauthHeaders(parts, await sign(btauthText(parts)))
    }
    const parts = { nonce, hotkey, axon, uuid, bodyHash }
    const signature = await sign(synapseText(parts))
    const timeoutMs = options.timeoutMs
    return writeSynapseHeaders({
      ...parts,
      name,
      timeoutMs,
      axonIp: host,
      axonPort: port,
      signature,
      required: requiredFields,
    })
  }

  /** Unix time in nanoseconds, always growing. */
  #nextNonce(): string {
    const now = BigInt(Date.now()) * 1_000_000n
    this.#lastNonce = now > this.#lastNonce ? now : this.#lastNonce + 1n
    return this.#lastNonce.toString()
  }

  #check(target: HttpTarget, request: AskRequest, { domain, receipt: wanted }: AskOptions, answer: ChatAnswer) {
    const { answer: text, reason, prompt_tokens, completion_tokens, confidence, trace_hash, receipt } = answer
    const whole = {
      id: receipt?.requestId ?? '',
      text,
      reason: reason ?? 'stop',
      promptTokens: prompt_tokens ?? 0,
      completionTokens: completion_tokens ?? 0,
      traceHash: trace_hash ?? noModel,
      ...(typeof confidence === 'number' && { confidence }),
    } as const
    if (target.publicKey === undefined || wanted === false) return whole
    const badReceipt = (part: 'missing' | ReceiptPart, message: string): DendriteError =>
      new DendriteError(`the answer of ${target.hotkey} ${message}`, { code: 'bad-receipt', part })
    if (receipt === null || receipt === undefined) throw badReceipt('missing', 'has no receipt')
    const { signer, genesis, netuid } = this.#options
    const verdict = verifyReceipt(receipt, {
      publicKey: target.publicKey,
      request,
      answer: text,
      fields: { miner: target.hotkey, caller: signer.address, genesis, netuid, domain, traceHash: whole.traceHash },
    })
    if (!verdict.ok) throw badReceipt(verdict.part, `has a receipt that does not fit: ${verdict.message}`)
    return { ...whole, receipt }
  }

  #failureOf(error: unknown, { host, port, hotkey }: HttpTarget, options: AskOptions, isLate: boolean): unknown {
    if (error instanceof DendriteError) return error
    const { timeoutMs: afterMs, signal } = options
    if (signal?.aborted === true) {
      return new DendriteError('the ask was cancelled', { code: 'cancelled' }, { cause: signal.reason })
    }
    if (isLate) return new DendriteError(`no whole answer within ${afterMs} ms`, { code: 'timeout', afterMs })
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const problem = messageOf(error)
    if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'UND_ERR_CONNECT_TIMEOUT') {
      const where = showAddress(host, port)
      return new DendriteError(
        `no reply from ${where}: ${problem}`,
        { code: 'unreachable', host, port },
        { cause: error },
      )
    }
    const message = `the connection to ${hotkey} is lost: ${problem}`
    return new DendriteError(message, { code: 'connection-lost' }, { cause: error })
  }
}

type ReceiptPart = Extract<ReturnType<typeof verifyReceipt>, { ok: false }>['part']

interface SendParts {
  readonly options: AskOptions
  readonly isStreamed: boolean
  readonly uuid: string
  readonly signal: AbortSignal
}

interface SignParts extends SendParts {
  readonly name: string
  readonly text: string
  readonly bodyHash: string
}

function sha3(text: string): string {
  return createHash('sha3-256').update(text).digest('hex')
}
