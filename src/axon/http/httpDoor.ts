import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { messageOf } from '../../base/errors.ts'
import type { SignedRequest } from '../../wire/bittensor/signedRequest.ts'
import { maxSynapseAgeMs } from '../../wire/bittensor/synapseHeaders.ts'
import type { WireErrorCode } from '../../wire/wireError.ts'
import { wireLimits } from '../../wire/wireLimits.ts'
import type { Caller } from '../answer.ts'
import { Ask } from '../ask.ts'
import type { AxonCore } from '../axonCore.ts'
import { Nonces } from '../nonces.ts'
import { checkClaim, isSignedClaim, nonceOf, type Refused, readClaim } from './claim.ts'
import { HttpAsker } from './httpAsker.ts'
import { HttpReply } from './httpReply.ts'
import type { Laxness } from './laxness.ts'
import { completionsPath, isServedPath, pingSynapse, type Question, type QuestionParts, readQuestion } from './question.ts'
import { plainForm, synapseForm } from './replyForm.ts'
import { readBody } from './readBody.ts'

/** One request, from its headers to its reply. */
interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly reply: HttpReply
  readonly path: string
  readonly startedAtMs: number
  /** Undefined until the headers are read. */
  claimed: string | undefined
}

/** Where an axon takes questions by HTTP, in the dialects of Bittensor's other peers. */
export class HttpDoor {
  readonly #core: AxonCore
  readonly #allowed: ReadonlySet<Laxness>
  readonly #nonces: Nonces
  readonly #asks = new Set<Ask>()
  /** Asks in flight by hotkey. */
  readonly #pending = new Map<string, number>()
  /** Connections with a request that has no reply yet. */
  readonly #busy = new WeakSet<Socket>()

  constructor(core: AxonCore, allowed: ReadonlySet<Laxness>) {
    this.#core = core
    this.#allowed = allowed
    const { nonceAheadMs: aheadMs, maxNonces, maxNoncesPerHotkey } = core.limits
    // Requests of SDK 10 live longest. A nonce in the future is remembered until it is that old as well.
    this.#nonces = new Nonces({ maxAgeMs: maxSynapseAgeMs, aheadMs, maxNonces, maxNoncesPerHotkey }, Date.now())
  }

  /** Asks in flight. */
  get pending(): number {
    return this.#asks.size
  }

  abortAll(code: WireErrorCode): void {
    for (const ask of [...this.#asks]) ask.abort(code)
  }

  /** Answers one request. For an HTTP server's `request` event. */
  readonly serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request
    const reply = new HttpReply(response, plainForm(), this.#core.limits.maxUnsentBytes)
    const path = request.url?.split('?')[0] ?? ''
    const visit: Visit = { request, response, reply, path, startedAtMs: performance.now(), claimed: undefined }
    response.on('error', () => undefined)
    // Pipelined requests would escape the limits on what one caller has in flight.
    if (this.#busy.has(socket)) {
      this.#refuse(visit, { code: 'pipelined' })
      return
    }
    this.#busy.add(socket)
    response.once('close', () => this.#busy.delete(socket))
    response.once('finish', () => this.#busy.delete(socket))
    this.#receive(visit).catch((error: unknown) => {
      // The peer has gone, or the admission policy failed.
      if (socket.destroyed || reply.isOver) return
      this.#refuse(visit, { code: 'unavailable' }, error)
    })
  }

  async #receive(visit: Visit): Promise<void> {
    const core = this.#core
    const { request, reply, path } = visit
    if (request.method !== 'POST' || !isServedPath(path)) return this.#refuse(visit, { code: 'no-such-path' })
    const read = readClaim(request)
    if (!read.ok) return this.#refuse(visit, { code: 'bad-headers', message: read.problem })
    const claim = read.request
    visit.claimed = claim.hotkey
    const synapse = (question: object) =>
      synapseForm({
        name: path.slice(1),
        axon: core.hotkey,
        caller: claim.hotkey,
        startedAtMs: visit.startedAtMs,
        requestHeaders: request.headers,
        question,
      })
    if (path !== completionsPath) reply.form = synapse({})
    else if (claim.dialect === 'synapse') {
      return this.#refuse(visit, { code: 'bad-headers', message: 'sign it with btauth/1 or with Epistula' })
    }
    const nowMs = Date.now()
    const wrong = checkClaim(claim, { hotkey: core.hotkey, nonces: this.#nonces, nowMs, allowed: this.#allowed })
    if (wrong !== undefined) return this.#refuse(visit, { code: wrong })
    if (core.draining) return this.#refuse(visit, { code: 'draining' })
    const admission = await core.admit(claim.hotkey, request.socket.remoteAddress ?? '')
    if (!admission.ok) return this.#refuse(visit, { code: admission.code })
    const body = await readBody(request, core.limits.maxFrameBytes)
    if (body === undefined) return this.#refuse(visit, { code: 'oversize' })
    const fault = this.#prove(claim, body)
    if (fault !== undefined) return this.#refuse(visit, { code: fault })
    if (!core.waitingRoom.leave(request.socket)) return reply.cut()
    reply.onEnd = () => this.#comeBack(request.socket)
    this.#answer(visit, claim, { hotkey: claim.hotkey, stake: admission.stake }, body, synapse)
  }

  /** The signature, and with it the end of the nonce. */
  #prove(claim: SignedRequest, body: Buffer): WireErrorCode | undefined {
    const bodySha256 = hash('sha256', body, 'hex')
    if (claim.signature !== undefined && !isSignedClaim(claim, { axon: this.#core.hotkey, bodySha256 })) {
      return 'bad-signature'
    }
    return this.#nonces.take(nonceOf(claim), Date.now())
  }

  #answer(
    visit: Visit,
    claim: SignedRequest,
    caller: Caller,
    body: Buffer,
    synapse: QuestionParts['synapse'],
  ): void {
    const core = this.#core
    const { reply, path } = visit
    if (path === `/${pingSynapse}`) {
      const { hotkey } = core
      const pong = { name: pingSynapse, dendrite: { hotkey: caller.hotkey }, axon: { hotkey } }
      reply.close(200, 'Success', JSON.stringify(pong))
      return
    }
    const question = readQuestion({ core, path, claim, body, allowed: this.#allowed, synapse })
    if ('code' in question) return this.#refuse(visit, question)
    reply.form = question.form
    const own = this.#pending.get(caller.hotkey) ?? 0
    if (core.draining) return this.#refuse(visit, { code: 'draining' })
    if (own >= core.limits.maxPending) return this.#refuse(visit, { code: 'busy' })
    this.#ask(visit, claim, caller, question)
  }

  #ask(visit: Visit, claim: SignedRequest, caller: Caller, { domain, request }: Question): void {
    const core = this.#core
    const { reply, response } = visit
    const { hotkey } = caller
    this.#pending.set(hotkey, (this.#pending.get(hotkey) ?? 0) + 1)
    const asker = new HttpAsker(core, {
      caller,
      reply,
      domain,
      onOver: () => {
        this.#asks.delete(ask)
        const left = this.#pending.get(hotkey)! - 1
        if (left > 0) this.#pending.set(hotkey, left)
        else this.#pending.delete(hotkey)
      },
    })
    const deadlineMs = Math.ceil(claim.timeoutMs ?? wireLimits.maxDeadlineMs)
    const ask = new Ask(core, asker, { type: 'ask', id: claim.id, domain, request, deadlineMs })
    this.#asks.add(ask)
    response.once('close', () => ask.abort('cancelled'))
    if (!core.places.enter(ask)) ask.abort('busy')
  }

  /** The connection may carry another request, and has to prove itself again. */
  #comeBack(socket: Socket): void {
    if (!socket.destroyed) this.#core.waitingRoom.enter(socket)
  }

  #refuse(visit: Visit, { code, message }: Refused, error?: unknown): void {
    const { request, reply, claimed } = visit
    const { socket } = request
    const retryAfterMs = code === 'busy' || code === 'draining' ? this.#core.limits.retryAfterMs : undefined
    reply.refuse(code, {
      ...(message !== undefined && { message }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      mayStay: code !== 'oversize' && code !== 'draining' && code !== 'pipelined',
    })
    this.#core.onEvent({
      type: 'refused',
      remote: `${socket.remoteAddress ?? ''} port ${socket.remotePort}`,
      code,
      ...(claimed !== undefined && { hotkey: claimed }),
      ...(error !== undefined && { error: new Error(messageOf(error), { cause: error }) }),
    })
  }
}
