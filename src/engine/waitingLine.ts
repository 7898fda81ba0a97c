/** Of this many places that come free, one goes to whoever has waited longest. */
const oldestEvery = 4

/**
 * A bounded queue by priority: the highest first, among equals first come first served. Nobody waits for ever: every
 * fourth place goes to the one that came first, whatever its priority.
 */
export class WaitingLine<Item> {
  readonly #limit: number
  /** In the order in which they came. */
  readonly #items = new Map<Item, number>()
  #taken = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#items.size
  }

  /** @returns false where the line is full */
  enter(item: Item, priority: number): boolean {
    if (this.#items.size >= this.#limit) return false
    this.#items.set(item, priority)
    return true
  }

  /** Whether it was in the line. */
  leave(item: Item): boolean {
    return this.#items.delete(item)
  }

  /** Takes the next one out; undefined where there is none, or where the next one does not fit: it stays the next. */
  take(fits: (item: Item) => boolean = () => true): Item | undefined {
    let chosen: { item: Item; priority: number } | undefined
    const oldestFirst = this.#taken % oldestEvery === oldestEvery - 1
    for (const [item, priority] of this.#items) {
      if (chosen === undefined || priority > chosen.priority) chosen = { item, priority }
      if (oldestFirst) break
    }
    if (chosen === undefined || !fits(chosen.item)) return undefined
    this.#taken++
    this.#items.delete(chosen.item)
    return chosen.item
  }
}
