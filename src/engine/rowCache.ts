import { type CacheSlot, type FloatValue, floatValue } from './decoderLayout.ts'

/** Places come in blocks: at these lengths onnxruntime's sums have the same order however much padding follows. */
export const blockPlaces = 64
/** Surplus blocks that stay, so that a cache does not shrink and grow by turns. */
const spareBlocks = 1

type Buffer = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>

/**
 * The key-value caches of the rows that are computed together, kept where they are from token to token: a row's tokens
 * fill its first places and zeros follow. All tensors are [rows, heads, places, head size].
 */
export class RowCache {
  readonly #slots: readonly CacheSlot[]
  readonly #buffers: Buffer[]
  #rows = 0
  #places = blockPlaces

  constructor(slots: readonly CacheSlot[]) {
    this.#slots = slots
    this.#buffers = slots.map(({ type }) => (type === 'float32' ? new Float32Array(0) : new Uint16Array(0)))
  }

  get rows(): number {
    return this.#rows
  }

  /** Places of each row: a multiple of `blockPlaces`. */
  get places(): number {
    return this.#places
  }

  /** The caches of all rows, in the order of the slots; they share the memory and are valid until the next change. */
  values(): FloatValue[] {
    return this.#slots.map((slot, index) => {
      const { type, heads, headSize } = slot
      const data = this.#buffers[index]!.subarray(0, this.#rows * heads * this.#places * headSize)
      return floatValue(type, data, [this.#rows, heads, this.#places, headSize])
    })
  }

  /** Makes room for tokens and rows; gives room back where it is much too wide. New rows are empty. */
  resize(rows: number, tokens: number): void {
    const needed = Math.max(1, Math.ceil(tokens / blockPlaces))
    const has = this.#places / blockPlaces
    const places = (needed > has || needed < has - spareBlocks ? needed : has) * blockPlaces
    // First all memory, so that a failure to get it leaves the cache as it was.
    const buffers = this.#slots.map(({ heads, headSize }, index) => {
      const size = rows * heads * places * headSize
      const buffer = this.#buffers[index]!
      if (size <= buffer.length) return buffer
      // Half as much again, so that growing block by block does not copy everything each time.
      const room = Math.max(size, Math.ceil(buffer.length * 1.5))
      const wider = buffer instanceof Float32Array ? new Float32Array(room) : new Uint16Array(room)
      wider.set(buffer.subarray(0, this.#rows * heads * this.#places * headSize))
      return wider
    })
    this.#slots.forEach(({ heads, headSize }, index) => {
      const buffer = buffers[index]!
      this.#buffers[index] = buffer
      const kept = Math.min(rows, this.#rows) * heads
      spread(buffer, kept, this.#places * headSize, places * headSize)
      buffer.fill(0, kept * places * headSize, rows * heads * places * headSize)
    })
    this.#rows = rows
    this.#places = places
  }

  /** Gives all memory back. */
  clear(): void {
    this.#slots.forEach(({ type }, index) => {
      this.#buffers[index] = type === 'float32' ? new Float32Array(0) : new Uint16Array(0)
    })
    this.#rows = 0
    this.#places = blockPlaces
  }

  /** @param states one row's caches, [1, heads, length, head size], of at most as many tokens as there are places */
  put(row: number, states: readonly FloatValue[]): void {
    this.#slots.forEach(({ heads, headSize }, index) => {
      const { data } = states[index]!
      const [from, to] = [data.length / heads, this.#places * headSize]
      const buffer = this.#buffers[index]!
      for (let head = 0; head < heads; head++) {
        const start = (row * heads + head) * to
        buffer.set(data.subarray(head * from, (head + 1) * from), start)
        buffer.fill(0, start + from, start + to)
      }
    })
  }

  /** A copy of one row's first `length` tokens, [1, heads, length, head size]. */
  take(row: number, length: number): FloatValue[] {
    return this.#slots.map(({ type, heads, headSize }, index) => {
      const [from, to] = [this.#places * headSize, length * headSize]
      const buffer = this.#buffers[index]!
      const data = type === 'float32' ? new Float32Array(heads * to) : new Uint16Array(heads * to)
      for (let head = 0; head < heads; head++) {
        const start = (row * heads + head) * from
        data.set(buffer.subarray(start, start + to), head * to)
      }
      return floatValue(type, data, [1, heads, length, headSize])
    })
  }

  /**
   * Writes one token's entry behind a row's tokens.
   *
   * @param source [rows, heads, sourcePlaces, head size]; the entry is at `sourcePlace`
   */
  append(slot: number, row: number, place: number, source: FloatValue, sourcePlace: number): void {
    const { heads, headSize } = this.#slots[slot]!
    const sourcePlaces = source.dims[2]!
    const buffer = this.#buffers[slot]!
    for (let head = 0; head < heads; head++) {
      const at = row * heads + head
      const from = (at * sourcePlaces + sourcePlace) * headSize
      const to = (at * this.#places + place) * headSize
      // Faster than a view and a copy for the few numbers that a head has.
      for (let i = 0; i < headSize; i++) buffer[to + i] = source.data[from + i]!
    }
  }

  /** Copies a row over another one. */
  move(from: number, to: number): void {
    this.#slots.forEach(({ heads, headSize }, index) => {
      const size = heads * this.#places * headSize
      this.#buffers[index]!.copyWithin(to * size, from * size, (from + 1) * size)
    })
  }
}

/** Gives `count` blocks that lie one behind another a new length, in place; what is new is zero. */
function spread(buffer: Buffer, count: number, from: number, to: number): void {
  if (to < from) {
    for (let block = 0; block < count; block++) buffer.copyWithin(block * to, block * from, block * from + to)
  }
  if (to > from) {
    for (let block = count - 1; block >= 0; block--) {
      buffer.copyWithin(block * to, block * from, (block + 1) * from)
      buffer.fill(0, block * to + from, (block + 1) * to)
    }
  }
}
