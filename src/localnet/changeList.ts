/** Ascending block numbers, appended at the end and dropped at the front. */
export class ChangeList {
  #blocks = new Uint32Array(4)
  #start = 0
  #end = 0

  get length(): number {
    return this.#end - this.#start
  }

  push(block: number): void {
    if (this.#end === this.#blocks.length) {
      const kept = this.#blocks.subarray(this.#start, this.#end)
      // Grows only where less than half is free at the front.
      const next = kept.length * 2 > this.#blocks.length ? new Uint32Array(Math.ceil(kept.length * 1.5)) : this.#blocks
      next.set(kept)
      this.#blocks = next
      this.#end -= this.#start
      this.#start = 0
    }
    this.#blocks[this.#end++] = block
  }

  get last(): number | undefined {
    return this.#end > this.#start ? this.#blocks[this.#end - 1] : undefined
  }

  dropUntil(block: number): void {
    while (this.#start < this.#end && this.#blocks[this.#start]! <= block) this.#start++
  }

  firstAfter(block: number): number | undefined {
    const index = this.#indexAfter(block)
    return index < this.#end ? this.#blocks[index] : undefined
  }

  within(after: number, until: number): number[] {
    return [...this.#blocks.subarray(this.#indexAfter(after), this.#indexAfter(until))]
  }

  #indexAfter(block: number): number {
    let low = this.#start
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#blocks[middle]! <= block) low = middle + 1
      else high = middle
    }
    return low
  }
}
