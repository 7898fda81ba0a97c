import { setMaxListeners } from 'node:events'
import type { Log } from '../base/log.ts'
import { sleep } from '../base/sleep.ts'
import type { Dendrite } from '../dendrite/dendrite.ts'
import type { Session } from '../dendrite/session.ts'
import type { ValidatorDefinition } from '../domain/defineValidator.ts'
import type { Outcome } from './answersTable.ts'
import type { Miner } from './miners.ts'
import { type Asked, Query, type QueryOptions } from './query.ts'
import type { RoundMeter } from './roundMeter.ts'
import { allotRound } from './sampling/allotRound.ts'
import { Deal, type Hand, type Player } from './sampling/deal.ts'
import { outcomeOf, pairNewsOf } from './sampling/gathered.ts'
import { groupSizes } from './sampling/groups.ts'
import { kinOf } from './sampling/kin.ts'
import type { PairNews } from './scoring/clusters.ts'
import type { ScoredAnswer } from './scoring/scoredAnswer.ts'
import { accuracyOf } from './scoring/scoresOf.ts'
import type { Store } from './store.ts'

export interface RoundSettings {
  /** Questions a domain, miner and round, on average over the miners. */
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
  /** How many miners get the same task at the same moment. */
  readonly groupSize: number
  /** Share of the tasks that are asked by the gateway's hotkey, in [0, 1]; needs one. */
  readonly covertShare: number
}

export interface RoundsOptions {
  readonly dendrite: Dendrite
  /** Signs as a gateway, so that miners take its asks for an app builder's. */
  readonly covertDendrite?: Dendrite | undefined
  readonly validators: ReadonlyMap<string, ValidatorDefinition>
  readonly store: Store
  readonly seed: string
  readonly settings: RoundSettings
  readonly log: Log
  readonly signal: AbortSignal
  readonly meter?: RoundMeter | undefined
}

/** Miners that are not connected after so long are left for the next round. */
const connectPatienceMs = 2_000
/** So long a task waits until enough miners are free to get it together. */
const groupPatienceMs = 150

/** The rounds of questions, and what is known of each miner beside its scores. */
export class Rounds {
  readonly #options: RoundsOptions
  readonly #queryOptions: QueryOptions
  readonly #queries = new Map<string, Query>()
  readonly #connecting = new Map<string, Promise<void>>()
  /** What came in and is not on the disk yet. */
  #outcomes: Outcome[] = []
  #pairNews: PairNews[] = []
  #inFlight = 0
  /** What a task that nobody waited for has thrown. */
  #failure: { readonly error: unknown } | undefined
  #wake = (): void => undefined

  constructor(options: RoundsOptions) {
    this.#options = options
    const { validators, store, log, signal, settings } = options
    // Each ask in flight listens for the stop.
    setMaxListeners(0, signal)
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    this.#queryOptions = { validators, store, askTimeoutMs: settings.askTimeoutMs, log, signal }
  }

  get inFlight(): number {
    return this.#inFlight
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

  /** One round with these miners; whoever is still busy with an earlier one gets less of it. @throws what the store throws */
  async next(miners: readonly Miner[]): Promise<void> {
    const { settings, log, store, signal, meter } = this.#options
    const round = store.takeRound()
    const untilMs = performance.now() + settings.longestMs
    const startedAtMs = performance.now()
    this.#forgetOthers(miners)
    const ready = await this.#connectAll(miners, round)
    if (!signal.aborted) await this.#playRound(ready, round, untilMs)
    if (this.#failure !== undefined) throw this.#failure.error
    if (!signal.aborted) this.#flush()
    const elapsedMs = performance.now() - startedAtMs
    meter?.onRound(elapsedMs)
    log.debug({ round, miners: ready.length, ms: Math.round(elapsedMs) }, 'round')
  }

  /** @returns those that can be asked now */
  async #connectAll(miners: readonly Miner[], round: number): Promise<Miner[]> {
    const { dendrite, settings, signal } = this.#options
    const ready: Miner[] = []
    const attempts = miners.map(async (miner) => {
      const query = this.#queryOf(miner.hotkey)
      const { target } = miner
      if ('problem' in target) {
        query.miss(target.problem)
        this.#miss(query, round, target.problem)
        return
      }
      if (this.#connecting.has(miner.hotkey)) return
      const attempt = query.connect(dendrite.session(target)).then((state) => {
        if (state === 'ready') ready.push(miner)
        else if (state === 'missed') this.#miss(query, round, query.lastError ?? 'unreachable')
      })
      this.#connecting.set(miner.hotkey, attempt)
      await attempt.finally(() => this.#connecting.delete(miner.hotkey))
    })
    // Not AbortSignal.any: what it makes lives as long as the longest-lived of its sources.
    const patience = new AbortController()
    const end = (): void => patience.abort()
    signal.addEventListener('abort', end, { once: true })
    const all = Promise.all(attempts).finally(end)
    const limitMs = Math.min(connectPatienceMs, settings.longestMs)
    await Promise.race([all, sleep(limitMs, patience.signal)])
    signal.removeEventListener('abort', end)
    // Whoever comes later is there for the next round.
    all.catch(() => undefined)
    return [...ready]
  }

  async #playRound(miners: readonly Miner[], round: number, untilMs: number): Promise<void> {
    const { settings, validators, seed, signal } = this.#options
    const { perMiner, concurrency, groupSize, covertShare } = settings
    const rules = {
      group: groupSizes(groupSize, concurrency),
      covertShare: this.#options.covertDendrite === undefined ? 0 : covertShare,
    }
    const deal = new Deal(this.#playersOf(miners), validators, { seed, round }, rules)
    const targets = new Map(miners.map((miner) => [miner.hotkey, miner]))
    const isFree = (hotkey: string): boolean => this.#queryOf(hotkey).inFlight < perMiner
    const patienceMs = Math.min(groupPatienceMs, settings.longestMs / 4)
    let dealtAtMs = performance.now()
    let running = 0
    while (!signal.aborted && performance.now() < untilMs && !(deal.isOver && running === 0)) {
      const room = concurrency - this.#inFlight
      const eager = performance.now() - dealtAtMs > patienceMs
      const hand = room >= rules.group.most ? deal.next(isFree, eager) : undefined
      if (hand !== undefined) {
        dealtAtMs = performance.now()
        running++
        void this.#playHand(hand, targets, round, deal)
          .catch((error: unknown) => {
            this.#failure ??= { error }
          })
          .finally(() => {
            running--
            this.#wake()
          })
        continue
      }
      await this.#pause(Math.min(untilMs - performance.now(), deal.isOver ? Number.POSITIVE_INFINITY : patienceMs))
    }
  }

  /** Until something has come in, the rounds are stopped, or so long. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#options.signal.aborted) {
        resolve()
        return
      }
      const timer = setTimeout(() => this.#wake(), Math.max(0, Math.min(ms, 2 ** 31 - 1)))
      // Not an AbortController for each: that costs as much as an ask.
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #playHand(hand: Hand, targets: ReadonlyMap<string, Miner>, round: number, deal: Deal): Promise<void> {
    const { settings, meter } = this.#options
    const rules = {
      round,
      askTimeoutMs: settings.askTimeoutMs,
      accuracyOf: (hotkey: string, domain: string) => accuracyOf(this.#answersOf(hotkey, domain)),
    }
    const answers = new Map<string, Asked>()
    await Promise.all(
      hand.hotkeys.map(async (hotkey) => {
        this.#inFlight++
        try {
          const asked = await this.#queryOf(hotkey).ask(hand.task, this.#sessionOf(targets.get(hotkey)!, hand.covert))
          answers.set(hotkey, asked)
          meter?.onAsked(hand.task.domain, asked.kind === 'failed' ? asked.why : asked.kind)
          if (asked.kind !== 'scored' && asked.isGone) deal.drop(hotkey)
          const outcome = outcomeOf(hand, hotkey, asked, rules)
          if (outcome !== undefined) this.#outcomes.push(outcome)
        } finally {
          this.#inFlight--
          this.#wake()
        }
      }),
    )
    this.#pairNews.push(...pairNewsOf(hand, answers, rules))
  }

  #sessionOf({ target }: Miner, covert: boolean): Session {
    if ('problem' in target) throw new Error('a miner without an address was dealt a task')
    const { dendrite, covertDendrite } = this.#options
    return (covert && covertDendrite !== undefined ? covertDendrite : dendrite).session(target)
  }

  #playersOf(miners: readonly Miner[]): Player[] {
    const { store, settings, validators } = this.#options
    const kin = kinOf(miners, store.pairs.values())
    const asks = new Map(miners.map(({ hotkey }) => [hotkey, new Map<string, number>()]))
    for (const domain of validators.keys()) {
      const serving = miners.filter(({ hotkey }) => this.#queryOf(hotkey).domains.includes(domain))
      const known = serving.map(({ hotkey }) => this.#answersOf(hotkey, domain))
      const counts = allotRound(known, settings.tasks)
      for (const [i, { hotkey }] of serving.entries()) asks.get(hotkey)!.set(domain, counts[i]!)
    }
    return miners.map(({ hotkey }) => ({ hotkey, kin: kin.get(hotkey) ?? [], asks: asks.get(hotkey)! }))
  }

  #answersOf(hotkey: string, domain: string): readonly ScoredAnswer[] {
    return this.#options.store.miners.get(hotkey)?.answers.get(domain) ?? []
  }

  /** One failure a domain and round, not one a question: a short absence shall not cost as much as wrong answers do. */
  #miss(query: Query, round: number, why: string): void {
    for (const domain of query.domains) {
      const about = { hotkey: query.hotkey, domain, round, family: '', chance: 0, note: why.slice(0, 120) }
      this.#outcomes.push({ ...about, kind: 'failed', score: 0 })
      this.#options.meter?.onAsked(domain, 'unreachable')
    }
  }

  /** Writes what has come in. */
  #flush(): void {
    const { store, log, meter } = this.#options
    const [outcomes, pairNews] = [this.#outcomes, this.#pairNews]
    if (outcomes.length === 0 && pairNews.length === 0) return
    this.#outcomes = []
    this.#pairNews = []
    const beganAtMs = performance.now()
    const falls = store.record(outcomes, pairNews)
    meter?.onWrite(performance.now() - beganAtMs)
    for (const fall of falls) {
      log.warn({ ...fall }, 'a miner has become worse: its earlier answers no longer count')
    }
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
      if (!hotkeys.has(hotkey) && query.inFlight === 0) this.#queries.delete(hotkey)
    }
  }
}
