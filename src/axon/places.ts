/** One ask in the line; `start` is called once, when its turn comes. */
export interface Waiting {
  /** Whose ask it is: callers take turns. */
  readonly hotkey: string
  start(): void
}

export interface PlaceLimits {
  readonly maxRunning: number
  readonly maxWaiting: number
}

/**
 * The places in which answers are made, and the line before them. Hotkeys take turns, and within one hotkey first come is
 * first served: a caller with a thousand asks delays another caller's first by one answer, not by a thousand.
 */
export class Places {
  readonly #limits: PlaceLimits
  /** Hotkeys in the order of their turn, each with its line. No line is empty. */
  readonly #lines = new Map<string, Set<Waiting>>()
  #running = 0
  #waiting = 0

  constructor(limits: PlaceLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Starts the ask, now or later; each start must be met by one `release`. False: the line is full. */
  enter(ask: Waiting): boolean {
    if (this.#running < this.#limits.maxRunning) {
      this.#running++
      ask.start()
      return true
    }
    if (this.#waiting >= this.#limits.maxWaiting) return false
    const line = this.#lines.get(ask.hotkey)
    if (line === undefined) this.#lines.set(ask.hotkey, new Set([ask]))
    else line.add(ask)
    this.#waiting++
    return true
  }

  /** Takes an ask that has not started out of the line. */
  leave(ask: Waiting): void {
    const line = this.#lines.get(ask.hotkey)
    if (line?.delete(ask) !== true) return
    this.#waiting--
    if (line.size === 0) this.#lines.delete(ask.hotkey)
  }

  release(): void {
    const next = this.#next()
    if (next === undefined) this.#running--
    else next.start()
  }

  #next(): Waiting | undefined {
    const turn = this.#lines.entries().next()
    if (turn.done === true) return undefined
    const [hotkey, line] = turn.value
    const [ask] = line
    line.delete(ask!)
    this.#waiting--
    // To the end of the order, so that the others come first.
    this.#lines.delete(hotkey)
    if (line.size > 0) this.#lines.set(hotkey, line)
    return ask
  }
}
