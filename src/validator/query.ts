import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { backoffMs } from '../dendrite/backoffMs.ts'
import { DendriteError, type DendriteFailure } from '../dendrite/dendriteError.ts'
import type { Session } from '../dendrite/session.ts'
import type { Task, ValidatorDefinition } from '../domain/defineValidator.ts'
import type { WelcomeMessage } from '../wire/axonMessage.ts'
import type { Gate } from './gate.ts'
import { orderFor, type RoundPlace } from './roundTasks.ts'
import type { Store } from './store.ts'

/** What one miner is asked with. */
export interface QueryOptions {
  readonly validators: ReadonlyMap<string, ValidatorDefinition>
  readonly store: Store
  /** Bounds the asks of all miners together. */
  readonly gate: Gate
  /** Asks in flight to one miner. */
  readonly perMiner: number
  readonly askTimeoutMs: number
  readonly log: Log
  readonly signal: AbortSignal
}

export interface Round extends RoundPlace {
  readonly tasks: ReadonlyMap<string, readonly Task[]>
}

const maxTokens = 200

/** Failures of this side; no miner's score suffers from them. */
const ownFaults: readonly DendriteFailure['code'][] = ['cancelled', 'closed', 'bad-caller']
/** There is nobody to put the rest of a round's questions to. */
const goneFaults: readonly DendriteFailure['code'][] = ['unreachable', 'wrong-key', 'refused', 'connection-lost']

/** Puts the questions to one miner, round after round, and keeps what came of them. */
export class Query {
  readonly hotkey: string
  readonly #options: QueryOptions
  #connectFailures = 0
  #nextConnectAtMs = 0
  #inFlight = 0
  #model: string | undefined
  #lastError: string | undefined
  #isBusy = false

  constructor(hotkey: string, options: QueryOptions) {
    this.hotkey = hotkey
    this.#options = options
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether the questions of an earlier round are still being answered. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Names of the models that it says it runs. */
  get model(): string | undefined {
    return this.#model
  }

  get lastError(): string | undefined {
    return this.#lastError
  }

  /** Notes a miner that cannot be asked at all. */
  miss(round: Round, problem: string): void {
    this.#lastError = problem
    // One failure a domain and round, not one a question: a short absence shall not cost as much as wrong answers do.
    for (const domain of this.#domains()) {
      const [task] = round.tasks.get(domain) ?? []
      if (task !== undefined) this.#record(task, 'failed', 0)
    }
  }

  /** One round: connects if need be and asks. Never throws for the miner's sake. @throws what the store throws */
  async run(round: Round, session: Session): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      const welcome = await this.#connect(session)
      if (this.#options.signal.aborted) return
      if (welcome instanceof DendriteError) {
        if (!ownFaults.includes(welcome.failure.code)) this.miss(round, messageOf(welcome))
        return
      }
      this.#options.store.declare(this.hotkey, welcome.domains)
      this.#model = welcome.models.map(({ name }) => name).join(', ') || undefined
      await this.#askAll(round, session)
    } finally {
      this.#isBusy = false
    }
  }

  async #connect(session: Session): Promise<WelcomeMessage | DendriteError> {
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

  async #askAll(round: Round, session: Session): Promise<void> {
    const tasks = this.#domains().flatMap((domain) => round.tasks.get(domain) ?? [])
    const queue = orderFor(this.hotkey, tasks, round)
    const work = async (): Promise<void> => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
        if (this.#options.signal.aborted) return
        const next = task
        const isGone = await this.#options.gate.run(() => this.#ask(next, session))
        if (isGone) queue.length = 0
      }
    }
    await Promise.all(Array.from({ length: this.#options.perMiner }, work))
  }

  /** @returns whether the miner is gone */
  async #ask(task: Task, session: Session): Promise<boolean> {
    const { askTimeoutMs: timeoutMs, signal, log } = this.#options
    const { domain, question } = task
    const request = { messages: [{ role: 'user' as const, content: question }], maxTokens, temperature: 0 }
    let text: string
    this.#inFlight++
    try {
      text = (await session.askOnce(request, { domain, timeoutMs, signal })).text
    } catch (error) {
      if (!(error instanceof DendriteError)) throw error
      const { code } = error.failure
      if (ownFaults.includes(code) || signal.aborted) return true
      this.#lastError = messageOf(error)
      log.debug({ hotkey: this.hotkey, domain, family: task.family, code }, `no answer: ${this.#lastError}`)
      this.#record(task, 'failed', 0)
      return goneFaults.includes(code)
    } finally {
      this.#inFlight--
    }
    // The store may be closed by now.
    if (signal.aborted) return true
    const score = this.#score(task, text)
    if (score !== undefined) this.#record(task, 'scored', score)
    return false
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

  #record({ domain, chance }: Task, kind: 'scored' | 'failed', score: number): void {
    this.#options.store.record({ hotkey: this.hotkey, domain, kind, score, chance })
  }

  /** Of the domains that the miner declares, those that this validator asks. */
  #domains(): string[] {
    const declared = new Set(this.#options.store.miners.get(this.hotkey)?.domains)
    return [...declared].filter((domain) => this.#options.validators.has(domain))
  }
}
