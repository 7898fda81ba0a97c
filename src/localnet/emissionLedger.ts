import { type EmissionFact, type EmissionKind, emissionKinds } from './emissionFact.ts'

/** Alpha rao by where it went. */
export type EmissionSums = Readonly<Record<EmissionKind, bigint>>

const width = emissionKinds.length
const column = Object.fromEntries(emissionKinds.map((kind, i) => [kind, i])) as Record<EmissionKind, number>

/**
 * One subnet's sums since its first emission, a row for each block. A subnet's whole alpha is far below 2^63 rao, so a
 * row is six 64-bit numbers and a hundred thousand blocks take five megabytes.
 */
class Series {
  /** Block of row 0. */
  #firstBlock: number
  #rows = 1
  #cells = new BigInt64Array(width * 256)

  /** @param block the last one without emission; its row is all zeros */
  constructor(block: number) {
    this.#firstBlock = block
  }

  /** Begins the next block's row with the sums so far. @returns the place of its first cell */
  grow(): number {
    const end = this.#rows * width
    if (end === this.#cells.length) {
      const larger = new BigInt64Array(end * 2)
      larger.set(this.#cells)
      this.#cells = larger
    }
    this.#cells.copyWithin(end, end - width, end)
    this.#rows++
    return end
  }

  add(cell: number, amount: bigint): void {
    this.#cells[cell]! += amount
  }

  /** Forgets the blocks after this one. @returns whether any row is left */
  rewind(head: number): boolean {
    this.#rows = Math.min(this.#rows, head - this.#firstBlock + 1)
    return this.#rows > 0
  }

  /** Forgets the blocks before this one, now and then: moving the rest is dear. */
  drop(oldest: number): void {
    const gone = oldest - this.#firstBlock
    if (gone * 2 < this.#rows) return
    this.#cells.copyWithin(0, gone * width, this.#rows * width)
    this.#rows -= gone
    this.#firstBlock = oldest
  }

  /** Cells of a block's row: the first one for all blocks before it. */
  row(block: number): BigInt64Array {
    const start = Math.max(0, block - this.#firstBlock) * width
    return this.#cells.subarray(start, start + width)
  }
}

/** What the blocks told of their emission, by subnet, so that any stretch of blocks can be summed up at once. */
export class EmissionLedger {
  readonly #keepBlocks: number
  readonly #series = new Map<number, Series>()
  #head: number
  /** Block that it began with: what came before nobody told it. */
  readonly #first: number

  /** @param options.keepBlocks how many blocks behind the head can be asked for */
  constructor(options: { keepBlocks: number; head: number }) {
    this.#keepBlocks = options.keepBlocks
    this.#head = options.head
    this.#first = options.head
  }

  /** The oldest block that can be asked for. */
  get oldest(): number {
    return Math.max(this.#first, this.#head - this.#keepBlocks)
  }

  /** Forgets the blocks after this one. */
  rewind(head: number): void {
    this.#head = head
    for (const [netuid, series] of this.#series) if (!series.rewind(head)) this.#series.delete(netuid)
  }

  /** Takes the next block's facts. */
  append(facts: readonly EmissionFact[]): void {
    for (const { netuid } of facts) {
      if (!this.#series.has(netuid)) this.#series.set(netuid, new Series(this.#head))
    }
    const rows = new Map([...this.#series].map(([netuid, series]) => [netuid, series.grow()] as const))
    for (const { netuid, kind, amount } of facts) {
      this.#series.get(netuid)!.add(rows.get(netuid)! + column[kind], amount)
    }
    this.#head++
    const oldest = this.#head - this.#keepBlocks
    for (const series of this.#series.values()) series.drop(oldest)
  }

  /**
   * Sums over the blocks after `from`, up to and with `to`.
   *
   * @throws RangeError unless `from` is kept, not after `to`, and `to` not after the head
   */
  between(netuid: number, from: number, to: number): EmissionSums {
    const { oldest } = this
    if (from < oldest || from > to || to > this.#head) {
      throw new RangeError(`emission: blocks ${from} to ${to} are not within ${oldest} to ${this.#head}`)
    }
    const series = this.#series.get(netuid)
    const [before, after] = [series?.row(from), series?.row(to)]
    const sums = emissionKinds.map((kind) => [kind, (after?.[column[kind]] ?? 0n) - (before?.[column[kind]] ?? 0n)])
    return Object.fromEntries(sums) as EmissionSums
  }
}
