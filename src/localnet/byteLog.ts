interface Place {
  readonly segment: Uint8Array
  readonly start: number
  readonly end: number
}

const segmentBytes = 1 << 20

/**
 * Byte strings by block number, appended at the end and dropped at the front. A hundred thousand blocks have to fit in
 * memory, so they lie in large segments; a segment is released when the last string in it is dropped.
 */
export class ByteLog {
  readonly #places = new Map<number, Place>()
  #segment = new Uint8Array(0)
  #used = 0
  #bytes = 0

  /** Bytes of all strings kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** One that the block had before is dropped. */
  append(block: number, bytes: Uint8Array): void {
    this.drop(block)
    if (this.#used + bytes.length > this.#segment.length) {
      this.#segment = new Uint8Array(Math.max(segmentBytes, bytes.length))
      this.#used = 0
    }
    this.#segment.set(bytes, this.#used)
    this.#places.set(block, { segment: this.#segment, start: this.#used, end: this.#used + bytes.length })
    this.#used += bytes.length
    this.#bytes += bytes.length
  }

  /** A view of the log: copy what is kept. @throws RangeError where the block has no string */
  read(block: number): Uint8Array {
    const place = this.#places.get(block)
    if (place === undefined) throw new RangeError(`log: block ${block} is not kept`)
    return place.segment.subarray(place.start, place.end)
  }

  has(block: number): boolean {
    return this.#places.has(block)
  }

  drop(block: number): void {
    const place = this.#places.get(block)
    if (place === undefined) return
    this.#bytes -= place.end - place.start
    this.#places.delete(block)
  }
}
