/** What decides who comes first. */
export interface Ranked {
  /** More is sooner. */
  readonly priority: bigint
  /** Of equal priority, the earlier one. */
  readonly sequence: number
}

/** Binary heap with the best-ranked element on top. */
export class ReadyHeap<T extends Ranked> {
  readonly #items: T[] = []

  push(item: T): void {
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!precedes(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  pop(): T | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    let at = 0
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && precedes(items[child + 1]!, items[child]!)) child++
      if (!precedes(items[child]!, last)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
    return top
  }
}

function precedes(a: Ranked, b: Ranked): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.sequence < b.sequence)
}
