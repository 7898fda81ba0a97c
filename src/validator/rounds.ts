import type { Log } from '../base/log.ts'
import { sleep } from '../base/sleep.ts'
import type { Dendrite } from '../dendrite/dendrite.ts'
import type { ValidatorDefinition } from '../domain/defineValidator.ts'
import { Gate } from './gate.ts'
import type { Miner } from './miners.ts'
import { Query, type QueryOptions, type Round } from './query.ts'
import { roundTasks } from './roundTasks.ts'
import type { Store } from './store.ts'

export interface RoundSettings {
  /** Questions a domain, miner and round. */
  readonly tasks: number
  /** Between two rounds. */
  readonly pauseMs: number
  /** Time for one answer. */
  readonly askTimeoutMs: number
  /** Asks in flight to one miner, and to all of them. */
  readonly perMiner: number
  readonly concurrency: number
  /** The next round begins after so long even if some are still answering; they miss it. */
  readonly longestMs: number
}

export interface RoundsOptions {
  readonly dendrite: Dendrite
  readonly validators: ReadonlyMap<string, ValidatorDefinition>
  readonly store: Store
  readonly seed: string
  readonly settings: RoundSettings
  readonly log: Log
  readonly signal: AbortSignal
}

/** The rounds of questions, and what is known of each miner beside its scores. */
export class Rounds {
  readonly #options: RoundsOptions
  readonly #queryOptions: QueryOptions
  readonly #queries = new Map<string, Query>()
  /** What a part of a round that nobody waited for has thrown. */
  #failure: unknown

  constructor(options: RoundsOptions) {
    this.#options = options
    const { validators, store, log, signal, settings } = options
    const { perMiner, askTimeoutMs, concurrency } = settings
    const gate = new Gate(concurrency)
    this.#queryOptions = { validators, store, gate, perMiner, askTimeoutMs, log, signal }
  }

  get inFlight(): number {
    let sum = 0
    for (const query of this.#queries.values()) sum += query.inFlight
    return sum
  }

  query(hotkey: string): Query | undefined {
    return this.#queries.get(hotkey)
  }

  /** Round after round until the signal fires. @throws what the store throws */
  async run(miners: () => readonly Miner[]): Promise<void> {
    const { signal, settings } = this.#options
    while (!signal.aborted) {
      await this.next(miners())
      await sleep(settings.pauseMs, signal)
    }
  }

  /** One round with these miners; those who are still busy with an earlier one miss it. @throws what the store throws */
  async next(miners: readonly Miner[]): Promise<void> {
    const { signal, settings, log, dendrite } = this.#options
    const round = this.#makeRound()
    this.#forgetOthers(miners)
    const startedAtMs = performance.now()
    const parts = miners.map(({ hotkey, target }) => {
      const query = this.#queryOf(hotkey)
      if (!('problem' in target)) return query.run(round, dendrite.session(target))
      query.miss(round, target.problem)
      return Promise.resolve()
    })
    const leave = new AbortController()
    void Promise.all(parts)
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => leave.abort())
    await sleep(settings.longestMs, AbortSignal.any([signal, leave.signal]))
    if (this.#failure !== undefined) throw this.#failure
    log.debug({ round: round.round, miners: miners.length, ms: Math.round(performance.now() - startedAtMs) }, 'round')
  }

  #makeRound(): Round {
    const { seed, validators, store, settings } = this.#options
    const round = store.takeRound()
    const place = { seed, round, count: settings.tasks }
    const tasks = new Map([...validators].map(([domain, validator]) => [domain, roundTasks(validator, place)]))
    return { seed, round, tasks }
  }

  #queryOf(hotkey: string): Query {
    const known = this.#queries.get(hotkey)
    if (known !== undefined) return known
    const query = new Query(hotkey, this.#queryOptions)
    this.#queries.set(hotkey, query)
    return query
  }

  #forgetOthers(miners: readonly Miner[]): void {
    const hotkeys = new Set(miners.map(({ hotkey }) => hotkey))
    for (const [hotkey, query] of this.#queries) {
      if (!hotkeys.has(hotkey) && !query.isBusy) this.#queries.delete(hotkey)
    }
  }
}
