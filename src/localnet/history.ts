import { OrderedKeys } from './orderedKeys.ts'
import type { Hex32 } from './scale/chainTypes.ts'
import type { StateBackend } from './state.ts'
import { StateDigest } from './stateDigest.ts'
import { type UndoCell, UndoLog } from './undoLog.ts'

export type Changes = ReadonlyMap<string, Uint8Array | null>

/** A state that can be read and walked from any key on. */
export interface ReadableState extends StateBackend {
  keys(prefix: string, start?: string | undefined): Iterable<string>
}

/** A key that has a value now or had one in a block that is still kept. */
interface Entry {
  readonly id: number
  readonly key: string
  /** Value at the head; absent where the head has none. */
  value: Uint8Array | undefined
  readonly changes: ChangeList
}

/**
 * The committed state of the chain at its head and at each of the last `keepBlocks` blocks before it. The head is a map;
 * an older state is read by going back to what the first later change replaced.
 */
export class History implements ReadableState {
  readonly #keepBlocks: number
  readonly #entries = new Map<string, Entry>()
  readonly #byId: (Entry | undefined)[] = []
  readonly #freeIds: number[] = []
  readonly #order = new OrderedKeys()
  readonly #undo = new UndoLog()
  readonly #digest = new StateDigest()
  #head = 0
  #oldest = 0

  /** @param genesis the state of block 0 */
  constructor(genesis: Changes, options: { keepBlocks: number }) {
    this.#keepBlocks = options.keepBlocks
    for (const [key, value] of genesis) if (value !== null) this.#replace(this.#entryOf(key), value)
  }

  /** Number of the newest block. */
  get head(): number {
    return this.#head
  }

  /** Number of the oldest block whose state can be read. */
  get oldest(): number {
    return this.#oldest
  }

  /** Digest of the head's state; equal states have equal roots. */
  get root(): Hex32 {
    return this.#digest.value
  }

  /** Bytes that the values of older blocks take. */
  get undoBytes(): number {
    return this.#undo.bytes
  }

  get(key: string): Uint8Array | undefined {
    return this.#entries.get(key)?.value
  }

  *keys(prefix: string, start?: string): Iterable<string> {
    for (const key of this.#order.from(prefix, start)) if (this.#entries.get(key)!.value !== undefined) yield key
  }

  /**
   * Appends a block's changes and drops what is too old.
   *
   * @returns the keys whose value is another now
   */
  commit(changes: Changes): string[] {
    this.#head++
    const cells: UndoCell[] = []
    const changed: string[] = []
    for (const [key, value] of changes) {
      const before = this.#entries.get(key)?.value
      if (value === null ? before === undefined : before !== undefined && equal(before, value)) continue
      const entry = this.#entryOf(key)
      cells.push({ id: entry.id, value: before })
      changed.push(key)
      entry.changes.push(this.#head)
      this.#replace(entry, value ?? undefined)
    }
    this.#undo.append(this.#head, cells)
    if (this.#head - this.#oldest > this.#keepBlocks) this.#prune()
    return changed
  }

  /** The state after a block. @throws RangeError where the block's state is not kept */
  at(block: number): ReadableState {
    if (block < this.#oldest || block > this.#head) throw new RangeError(`history: block ${block} is not kept`)
    if (block === this.#head) return this
    return {
      get: (key) => this.#valueAt(this.#entries.get(key), block),
      keys: (prefix, start) => this.#keysAt(block, prefix, start),
    }
  }

  /** Blocks in (after, until] that changed the key, ascending. */
  changesOf(key: string, after: number, until: number): number[] {
    return this.#entries.get(key)?.changes.within(after, until) ?? []
  }

  *#keysAt(block: number, prefix: string, start?: string): Iterable<string> {
    for (const key of this.#order.from(prefix, start)) {
      if (this.#valueAt(this.#entries.get(key), block) !== undefined) yield key
    }
  }

  #valueAt(entry: Entry | undefined, block: number): Uint8Array | undefined {
    const later = entry?.changes.firstAfter(block)
    return entry === undefined || later === undefined ? entry?.value : this.#undo.valueBefore(later, entry.id)
  }

  #replace(entry: Entry, value: Uint8Array | undefined): void {
    if (entry.value !== undefined) this.#digest.remove(entry.key, entry.value)
    if (value !== undefined) this.#digest.add(entry.key, value)
    entry.value = value
  }

  #entryOf(key: string): Entry {
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const id = this.#freeIds.pop() ?? this.#byId.length
    const entry: Entry = { id, key, value: undefined, changes: new ChangeList() }
    this.#entries.set(key, entry)
    this.#byId[id] = entry
    this.#order.add(key)
    return entry
  }

  /** Gives up the oldest state: what the block after it replaced is not needed any more. */
  #prune(): void {
    const block = ++this.#oldest
    for (const { id } of this.#undo.cells(block)) {
      const entry = this.#byId[id]!
      entry.changes.dropUntil(block)
      if (entry.value !== undefined || entry.changes.length > 0) continue
      this.#entries.delete(entry.key)
      this.#order.remove(entry.key)
      this.#byId[id] = undefined
      this.#freeIds.push(id)
    }
    this.#undo.drop(block)
  }
}

/** Ascending block numbers, appended at the end and dropped at the front. */
class ChangeList {
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

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
