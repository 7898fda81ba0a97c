import { backoffMs } from '../base/backoffMs.ts'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { DendriteError, type DendriteFailure } from '../dendrite/dendriteError.ts'
import type { Session } from '../dendrite/session.ts'
import type { Task, ValidatorDefinition } from '../domain/defineValidator.ts'
import type { WelcomeMessage } from '../wire/axonMessage.ts'
import type { Store } from './store.ts'

/** What one miner is asked with. */
export interface QueryOptions {
  readonly validators: ReadonlyMap<string, ValidatorDefinition>
  readonly store: Store
  readonly askTimeoutMs: number
  readonly log: Log
  readonly signal: AbortSignal
}

/** What became of one ask. */
export type Asked =
  | {
      readonly kind: 'scored'
      readonly score: number
      readonly claim: string | undefined
      readonly confidence: number | undefined
      readonly elapsedMs: number
    }
  | { readonly kind: 'failed'; readonly why: string; readonly isGone: boolean }
  /** This side is at fault, so it counts for nothing. */
  | { readonly kind: 'void'; readonly isGone: boolean }

const maxTokens = 200

/** Failures of this side; no miner's score suffers from them. */
const ownFaults: readonly DendriteFailure['code'][] = ['cancelled', 'closed', 'bad-caller']
/** There is nobody to put the rest of a round's questions to. */
const goneFaults: readonly DendriteFailure['code'][] = ['unreachable', 'wrong-key', 'refused', 'connection-lost']

/** The relation to one miner: connects to it, asks it, and scores what it says. */
export class Query {
  readonly hotkey: string
  readonly #options: QueryOptions
  #connectFailures = 0
  #nextConnectAtMs = 0
  #inFlight = 0
  #model: string | undefined
  #lastError: string | undefined

  constructor(hotkey: string, options: QueryOptions) {
    this.hotkey = hotkey
    this.#options = options
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Names of the models that it says it runs. */
  get model(): string | undefined {
    return this.#model
  }

  get lastError(): string | undefined {
    return this.#lastError
  }

  /** Of the domains that the miner declares, those that this validator asks. */
  get domains(): string[] {
    const declared = new Set(this.#options.store.miners.get(this.hotkey)?.domains)
    return [...declared].filter((domain) => this.#options.validators.has(domain))
  }

  /** Notes a miner that cannot be asked at all. */
  miss(problem: string): void {
    this.#lastError = problem
  }

  /**
   * Connects if need be, with growing pauses after failures, and hears what the miner declares.
   *
   * @returns whether it can be asked; `void` where this side is at fault. Never throws for the miner's sake
   */
  async connect(session: Session): Promise<'ready' | 'missed' | 'void'> {
    const welcome = await this.#welcome(session)
    if (this.#options.signal.aborted) return 'void'
    if (welcome instanceof DendriteError) {
      this.#lastError = messageOf(welcome)
      return ownFaults.includes(welcome.failure.code) ? 'void' : 'missed'
    }
    this.#options.store.declare(this.hotkey, welcome.domains)
    this.#model = welcome.models.map(({ name }) => name).join(', ') || undefined
    return 'ready'
  }

  async ask(task: Task, session: Session): Promise<Asked> {
    const { askTimeoutMs: timeoutMs, signal, log } = this.#options
    const { domain, question } = task
    const request = { messages: [{ role: 'user' as const, content: question }], maxTokens, temperature: 0 }
    this.#inFlight++
    try {
      const { text, confidence, elapsedMs } = await session.askOnce(request, { domain, timeoutMs, signal })
      // The store may be closed by now.
      if (signal.aborted) return { kind: 'void', isGone: true }
      const score = this.#score(task, text)
      if (score === undefined) return { kind: 'void', isGone: false }
      return { kind: 'scored', score, claim: this.#claim(task, text), confidence, elapsedMs }
    } catch (error) {
      if (!(error instanceof DendriteError)) throw error
      const { code } = error.failure
      if (ownFaults.includes(code) || signal.aborted) return { kind: 'void', isGone: true }
      this.#lastError = messageOf(error)
      log.debug({ hotkey: this.hotkey, domain, family: task.family, code }, `no answer: ${this.#lastError}`)
      return { kind: 'failed', why: code, isGone: goneFaults.includes(code) }
    } finally {
      this.#inFlight--
    }
  }

  async #welcome(session: Session): Promise<WelcomeMessage | DendriteError> {
    if (session.welcome !== undefined) return session.welcome
    const nowMs = performance.now()
    if (nowMs < this.#nextConnectAtMs) {
      return new DendriteError(this.#lastError ?? 'not connected', { code: 'connection-lost' })
    }
    try {
      await session.connect()
      this.#connectFailures = 0
      return session.welcome ?? new DendriteError('the connection was lost at once', { code: 'connection-lost' })
    } catch (error) {
      if (!(error instanceof DendriteError)) throw error
      this.#nextConnectAtMs = performance.now() + backoffMs(++this.#connectFailures, Math.random())
      return error
    }
  }

  /** @returns undefined where the scorer is at fault */
  #score(task: Task, text: string): number | undefined {
    const { validators, log } = this.#options
    try {
      const score = validators.get(task.domain)!.score(task, text)
      if (score >= 0 && score <= 1) return score
      log.error({ domain: task.domain, family: task.family, score }, 'the scorer gave no number in [0, 1]; not counted')
    } catch (error) {
      log.error({ domain: task.domain, family: task.family }, `the scorer failed, not counted: ${messageOf(error)}`)
    }
    return undefined
  }

  #claim(task: Task, text: string): string | undefined {
    const { validators, log } = this.#options
    const { claim } = validators.get(task.domain)!
    if (claim === undefined) return text
    try {
      return claim(task, text)
    } catch (error) {
      log.error({ domain: task.domain, family: task.family }, `the claim could not be read: ${messageOf(error)}`)
      return undefined
    }
  }
}
