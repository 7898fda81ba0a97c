import { joinSignals } from '../base/joinSignals.ts'
import { sleep } from '../base/sleep.ts'
import type { Dendrite } from '../dendrite/dendrite.ts'
import type { Miner } from './miners.ts'
import { Query, type QueryOptions } from './query.ts'

export interface QueriesOptions extends QueryOptions {
  readonly dendrite: Dendrite
}

/** The relations to all miners. */
export class Queries {
  readonly #options: QueriesOptions
  readonly #queries = new Map<string, Query>()
  readonly #connecting = new Set<string>()

  constructor(options: QueriesOptions) {
    this.#options = options
  }

  known(hotkey: string): Query | undefined {
    return this.#queries.get(hotkey)
  }

  /** The one with this miner, a new one if need be. */
  of(hotkey: string): Query {
    const known = this.#queries.get(hotkey)
    if (known !== undefined) return known
    const query = new Query(hotkey, this.#options)
    this.#queries.set(hotkey, query)
    return query
  }

  /** Forgets those with other miners, once nothing is in flight. */
  keepOnly(miners: readonly Miner[]): void {
    const hotkeys = new Set(miners.map(({ hotkey }) => hotkey))
    for (const [hotkey, query] of this.#queries) {
      if (!hotkeys.has(hotkey) && query.inFlight === 0) this.#queries.delete(hotkey)
    }
  }

  /**
   * Connects to all of them at once. Whoever is not there after `limitMs` may be the next time.
   *
   * @param onMiss hears of those that cannot be asked, also after the limit
   * @returns those that can be asked now
   */
  async connectAll(
    miners: readonly Miner[],
    { limitMs, onMiss }: { readonly limitMs: number; readonly onMiss: (query: Query, why: string) => void },
  ): Promise<Miner[]> {
    const { dendrite, signal } = this.#options
    const ready: Miner[] = []
    const attempts = miners.map(async (miner) => {
      const query = this.of(miner.hotkey)
      const { target } = miner
      if ('problem' in target) {
        query.miss(target.problem)
        onMiss(query, target.problem)
        return
      }
      if (this.#connecting.has(miner.hotkey)) return
      this.#connecting.add(miner.hotkey)
      try {
        const state = await query.connect(dendrite.session(target))
        if (state === 'ready') ready.push(miner)
        else if (state === 'missed') onMiss(query, query.lastError ?? 'unreachable')
      } finally {
        this.#connecting.delete(miner.hotkey)
      }
    })
    const connected = new AbortController()
    const all = Promise.all(attempts).finally(() => connected.abort())
    const ending = joinSignals([signal, connected.signal])
    await Promise.race([all, sleep(limitMs, ending.signal)])
    ending.release()
    // Whoever comes later is there for the next round.
    all.catch(() => undefined)
    return [...ready]
  }
}
