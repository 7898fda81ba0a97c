/** Splitting at this size keeps an insertion to a few microseconds at any number of keys. */
const chunkLimit = 512

/** A set of strings in ascending order that can be walked from any point: a sorted list cut into short chunks. */
export class OrderedKeys {
  // Never an empty chunk, save when there is no key at all.
  readonly #chunks: string[][] = [[]]
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The key must not be in the set. */
  add(key: string): void {
    const at = this.#chunkOf(key)
    const chunk = this.#chunks[at]!
    chunk.splice(lowerBound(chunk, key), 0, key)
    this.#size++
    if (chunk.length > chunkLimit) this.#chunks.splice(at + 1, 0, chunk.splice(chunkLimit >> 1))
  }

  /** The key must be in the set. */
  remove(key: string): void {
    const at = this.#chunkOf(key)
    const chunk = this.#chunks[at]!
    chunk.splice(lowerBound(chunk, key), 1)
    this.#size--
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1)
  }

  /** Keys not below `start` that begin with `prefix`, ascending. The set must not change meanwhile. */
  *from(prefix: string, start: string = prefix): Iterable<string> {
    const first = start < prefix ? prefix : start
    let at = this.#chunkOf(first)
    let index = lowerBound(this.#chunks[at]!, first)
    for (; at < this.#chunks.length; at++, index = 0) {
      const chunk = this.#chunks[at]!
      for (; index < chunk.length; index++) {
        if (!chunk[index]!.startsWith(prefix)) return
        yield chunk[index]!
      }
    }
  }

  /** Index of the last chunk whose first key is not above `key`, else 0. */
  #chunkOf(key: string): number {
    let low = 0
    let high = this.#chunks.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#chunks[middle]![0]! <= key) low = middle
      else high = middle
    }
    return low
  }
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
