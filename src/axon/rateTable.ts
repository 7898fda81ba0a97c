import { InputError } from '../base/errors.ts'

export interface Rate {
  /** Infinity: no limit. */
  readonly perMinute: number
  /** How many may come at once after a pause; at least 1. */
  readonly burst: number
}

/** Addresses and hotkeys whose rates are remembered, some 100 bytes each. */
export const maxRated = 65_536

const minuteMs = 60_000

/**
 * How often each of many names may do something, in bounded memory. A name costs one number, the time at which it will
 * have its whole burst again; from then on it is worth nothing and is the first to be forgotten. Where even then there
 * are more names than places, the one not heard for longest is forgotten and starts afresh: whoever commands that many
 * addresses is not held by a limit per address.
 *
 * Times are milliseconds of one clock that never goes back.
 *
 * @see the generic cell rate algorithm, ITU-T I.371
 */
export class RateTable {
  /** In the order in which they were last heard. */
  readonly #fullAtMs = new Map<string, number>()
  readonly #maxNames: number
  #spacingMs = 0
  #slackMs = 0

  constructor(rate: Rate, maxNames: number) {
    this.#maxNames = maxNames
    this.configure(rate)
  }

  /** For a new rate; what was used up so far counts on. @throws InputError for a rate at which nothing may ever come */
  configure({ perMinute, burst }: Rate): void {
    if (!(perMinute > 0)) throw new InputError('perMinute', perMinute, 'give more than 0, Infinity for no limit')
    if (!(burst >= 1)) throw new InputError('burst', burst, 'give 1 or more')
    this.#spacingMs = minuteMs / perMinute
    this.#slackMs = this.#spacingMs * (burst - 1)
  }

  get size(): number {
    return this.#fullAtMs.size
  }

  /** @returns 0 where the name may, and that counts; else how long it must wait, in whole milliseconds */
  take(name: string, nowMs: number): number {
    const waitMs = this.waitMs(name, nowMs)
    if (waitMs > 0 || this.#spacingMs === 0) return waitMs
    const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(name) ?? 0)
    this.#fullAtMs.delete(name)
    this.#fullAtMs.set(name, fullAtMs + this.#spacingMs)
    this.#forget(nowMs)
    return 0
  }

  /** What `take` would return, without counting. */
  waitMs(name: string, nowMs: number): number {
    const fullAtMs = this.#spacingMs === 0 ? undefined : this.#fullAtMs.get(name)
    return fullAtMs === undefined ? 0 : Math.max(0, Math.ceil(fullAtMs - nowMs - this.#slackMs))
  }

  /** The oldest: up to two that are worth nothing, so that these go faster than new ones come, and one that is too many. */
  #forget(nowMs: number): void {
    let looked = 0
    for (const [name, fullAtMs] of this.#fullAtMs) {
      const isOver = this.#fullAtMs.size > this.#maxNames
      if (!isOver && (fullAtMs > nowMs || ++looked > 2)) return
      this.#fullAtMs.delete(name)
    }
  }
}
