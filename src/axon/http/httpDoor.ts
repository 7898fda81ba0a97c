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
import { countedAs } from '../door.ts'
import { Nonces } from '../nonces.ts'
import { maxRated, RateTable } from '../rateTable.ts'
import { checkClaim, isSignedClaim, nonceOf, type Refused, readClaim } from './claim.ts'
import { HttpAsker } from './httpAsker.ts'
import { HttpReply } from './httpReply.ts'
import type { Laxness } from './laxness.ts'
import { completionsPath, isServedPath, pingSynapse, type Question, readQuestion } from './question.ts'
import { readBody } from './readBody.ts'
import { completionForm, plainForm, type ReplyForm, synapseForm } from './replyForm.ts'

/** One request, from its headers to its reply. */
interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly reply: HttpReply
  readonly path: string
  readonly startedAtMs: number
  /** Undefined until the headers are read. */
  claimed: string | undefined
  isProved: boolean
}

/** Refusals on one connection before it has proved a hotkey. */
const maxRefusals = 8

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
  /** How often a connection was refused that has not proved anything. */
  readonly #refusals = new WeakMap<Socket, number>()
  /** Requests of proved hotkeys that do no work, pings and refused ones: to check each costs a signature. */
  readonly #idle: RateTable
  #unsent = 0

  constructor(core: AxonCore, allowed: ReadonlySet<Laxness>) {
    this.#core = core
    this.#allowed = allowed
    const { nonceAheadMs: aheadMs, maxNonces, maxNoncesPerHotkey, maxIdleWords, idleWordsPerSecond } = core.limits
    this.#idle = new RateTable({ perMinute: 60 * idleWordsPerSecond, burst: maxIdleWords }, maxRated)
    // Requests of SDK 10 live longest. A nonce in the future is remembered until it is that old as well.
    this.#nonces = new Nonces({ maxAgeMs: maxSynapseAgeMs, aheadMs, maxNonces, maxNoncesPerHotkey }, Date.now())
  }

  /** Asks in flight. */
  get pending(): number {
    return this.#asks.size
  }

  /** Requests whose replies are not out yet, those among them that have not proved who they are. */
  get unsent(): number {
    return this.#unsent
  }

  abortAll(code: WireErrorCode): void {
    for (const ask of [...this.#asks]) ask.abort(code)
  }

  /** Answers one request. For an HTTP server's `request` event. */
  readonly serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request
    const reply = new HttpReply(response, plainForm(), this.#core.limits.maxUnsentBytes)
    const path = request.url?.split('?')[0] ?? ''
    const visit: Visit = {
      request,
      response,
      reply,
      path,
      startedAtMs: performance.now(),
      claimed: undefined,
      isProved: false,
    }
    // A connection that breaks: its 'close' ends the ask.
    response.on('error', () => undefined)
    // Pipelined requests would escape the limits on what one caller has in flight.
    if (this.#busy.has(socket)) {
      this.#refuse(visit, { code: 'pipelined' })
      return
    }
    this.#busy.add(socket)
    this.#unsent++
    const onSent = (): void => {
      if (this.#busy.delete(socket)) this.#unsent--
    }
    response.once('close', onSent)
    response.once('finish', onSent)
    this.#receive(visit).then(
      (refused) => {
        if (refused !== undefined) this.#refuse(visit, refused)
      },
      (error: unknown) => {
        // Unless the peer has gone, it is the admission policy that failed.
        if (!socket.destroyed) this.#refuse(visit, { code: 'unavailable' }, error)
      },
    )
  }

  /** The checks run from the cheapest on, as for a hello; see `greet.ts`. Undefined: the ask is on its way. */
  async #receive(visit: Visit): Promise<Refused | undefined> {
    const core = this.#core
    const { request, reply, path } = visit
    if (request.method !== 'POST' || !isServedPath(path)) return { code: 'no-such-path' }
    const read = readClaim(request)
    if (!read.ok) return { code: 'bad-headers', message: read.problem }
    const claim = read.request
    visit.claimed = claim.hotkey
    const { hotkey } = claim
    const synapse = (question: object): ReplyForm =>
      synapseForm({
        name: path.slice(1),
        axon: core.hotkey,
        caller: hotkey,
        startedAtMs: visit.startedAtMs,
        dendrite: claim.dialect === 'synapse' ? request.headers : undefined,
        question,
      })
    if (path !== completionsPath) reply.form = synapse({})
    else if (claim.dialect !== 'synapse') reply.form = completionForm({ id: claim.id, created: 0, model: '' }, false)
    else return { code: 'bad-headers', message: 'sign it with btauth/1 or with Epistula' }
    const expected = { hotkey: core.hotkey, nonces: this.#nonces, nowMs: Date.now(), allowed: this.#allowed }
    const wrong = checkClaim(claim, expected)
    if (wrong !== undefined) return { code: wrong }
    if (core.draining) return { code: 'draining' }
    const admission = await core.admit(hotkey, request.socket.remoteAddress ?? '')
    if (!admission.ok) return { code: admission.code }
    // Before the signature, which costs a hundred times as much, as well as behind it, where it counts.
    const nowMs = performance.now()
    const waitMs = Math.max(core.askRates.waitMs(hotkey, nowMs), this.#idle.waitMs(hotkey, nowMs))
    if (waitMs > 0) return { code: 'rate-limited', retryAfterMs: waitMs }
    const body = await readBody(request, core.limits.maxFrameBytes)
    if (body === undefined) return { code: 'oversize' }
    const fault = this.#prove(claim, body)
    if (fault !== undefined) return { code: fault }
    if (!core.waitingRoom.leave(request.socket)) {
      reply.cut()
      return undefined
    }
    visit.isProved = true
    reply.onEnd = () => this.#comeBack(request.socket)
    if (path === `/${pingSynapse}`) {
      const pong = { name: pingSynapse, dendrite: { hotkey }, axon: { hotkey: core.hotkey } }
      reply.close(200, 'Success', JSON.stringify(pong))
      this.#idle.take(hotkey, performance.now())
      return undefined
    }
    const question = readQuestion({ core, path, claim, body, allowed: this.#allowed, synapse })
    if ('code' in question) return question
    reply.form = question.form
    if (core.draining) return { code: 'draining' }
    if ((this.#pending.get(hotkey) ?? 0) >= core.limits.maxPending) return { code: 'busy' }
    const retryAfterMs = core.askRates.take(hotkey, performance.now())
    if (retryAfterMs > 0) return { code: 'rate-limited', retryAfterMs }
    this.#ask(visit, claim, { hotkey, stake: admission.stake, weight: admission.weight ?? 1 }, question)
    return undefined
  }

  /** The signature, and with it the end of the nonce. */
  #prove(claim: SignedRequest, body: Buffer): WireErrorCode | undefined {
    const bodySha256 = hash('sha256', body, 'hex')
    if (claim.signature !== undefined && !isSignedClaim(claim, { axon: this.#core.hotkey, bodySha256 })) {
      return 'bad-signature'
    }
    return this.#nonces.take(nonceOf(claim), Date.now())
  }

  #ask(visit: Visit, claim: SignedRequest, caller: Caller, { domain, request }: Question): void {
    const core = this.#core
    const {
      reply,
      request: { socket },
    } = visit
    const { hotkey } = caller
    this.#pending.set(hotkey, (this.#pending.get(hotkey) ?? 0) + 1)
    // Not the response's: a connection that asks for an upgrade meanwhile is no more Node's to watch.
    const onClose = (): void => ask.abort('cancelled')
    const onOver = (): void => {
      socket.off('close', onClose)
      this.#asks.delete(ask)
      const left = this.#pending.get(hotkey)! - 1
      if (left > 0) this.#pending.set(hotkey, left)
      else this.#pending.delete(hotkey)
    }
    const asker = new HttpAsker(core, { caller, reply, domain, onOver })
    const deadlineMs = Math.ceil(claim.timeoutMs ?? wireLimits.maxDeadlineMs)
    const ask = new Ask(core, asker, { type: 'ask', id: claim.id, domain, request, deadlineMs })
    this.#asks.add(ask)
    socket.once('close', onClose)
    if (core.places.enter(ask)) return
    ask.abort('busy')
    this.#idle.take(hotkey, performance.now())
  }

  /** The connection may carry another request, and has to prove itself again. */
  #comeBack(socket: Socket): void {
    const ip = socket.remoteAddress
    if (socket.destroyed || ip === undefined) return
    this.#core.waitingRoom.enter(socket, countedAs(this.#core, ip))
  }

  /** A stranger's tries on one connection are few, so that they are limited as connections are. */
  #mayTryAgain({ request: { socket }, isProved }: Visit): boolean {
    if (isProved) return true
    const refusals = (this.#refusals.get(socket) ?? 0) + 1
    this.#refusals.set(socket, refusals)
    return refusals < maxRefusals
  }

  #refuse(visit: Visit, { code, message, retryAfterMs: waitMs }: Refused, error?: unknown): void {
    const { request, reply, claimed, isProved } = visit
    const { socket } = request
    if (isProved && claimed !== undefined) this.#idle.take(claimed, performance.now())
    const retryAfterMs = waitMs ?? (code === 'busy' || code === 'draining' ? this.#core.limits.retryAfterMs : undefined)
    reply.refuse(code, {
      ...(message !== undefined && { message }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      mayStay: code !== 'oversize' && code !== 'draining' && code !== 'pipelined' && this.#mayTryAgain(visit),
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
