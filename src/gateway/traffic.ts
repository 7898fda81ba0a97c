import { randomBytes } from 'node:crypto'
import type { TrafficEntry, TrafficPage } from '../wire/traffic.ts'

/** The newest so many asks are kept; a validator that looks now and then misses none of them. */
const kept = 4_096
const pageEntries = 1_024

/** What became of app builders' asks, for validators to see how miners serve them. */
export class Traffic {
  readonly #run = randomBytes(32).toString('hex')
  readonly #entries: TrafficEntry[] = []
  #next = 0

  add(entry: Omit<TrafficEntry, 'id'>): void {
    this.#entries.push({ id: this.#next++, ...entry })
    if (this.#entries.length > kept) this.#entries.shift()
  }

  /** The oldest entries behind an id that are still kept. */
  page(after = -1): TrafficPage {
    const first = this.#entries.findIndex(({ id }) => id > after)
    return { run: this.#run, entries: first === -1 ? [] : this.#entries.slice(first, first + pageEntries) }
  }
}
