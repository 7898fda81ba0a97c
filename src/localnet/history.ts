import { ChangeList } from './changeList.ts'
import { mergeKeys } from './mergeKeys.ts'
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
  /** Hash of key and value, kept for keys that change often. */
  hash: Buffer | undefined
}

/** What a chain begins with where that is not an empty block 0. */
export interface HistoryStart {
  readonly keepBlocks: number
  /** Number of the block whose state is given. Default 0. */
  readonly head?: number
  /** State that is read where this one says nothing; it must never change. */
  readonly under?: ReadableState | History
}

/**
 * The committed state of the chain at its head and at each of the last `keepBlocks` blocks before it. The head is a map;
 * an older state is read by going back to what the first later change replaced. A history can lie on another, which is
 * then never written to again: that is how a snapshot is taken, and gone back to, in constant time.
 */
export class History implements ReadableState {
  readonly #keepBlocks: number
  readonly #entries = new Map<string, Entry>()
  readonly #byId: (Entry | undefined)[] = []
  readonly #freeIds: number[] = []
  readonly #order = new OrderedKeys()
  readonly #undo = new UndoLog()
  readonly #digest: StateDigest
  readonly #under: ReadableState | undefined
  /** Block that the history began with. Older ones are those of the history under it. */
  readonly #start: number
  #head: number
  #oldest: number

  /** @param state the state of the block that it begins with, or what it has beside the state under it */
  constructor(state: Changes, options: HistoryStart) {
    const { keepBlocks, head = 0, under } = options
    this.#keepBlocks = keepBlocks
    this.#under = under
    this.#start = head
    this.#head = head
    this.#oldest = under instanceof History ? under.#oldest : head
    this.#digest = new StateDigest(under instanceof History ? under.#digest : undefined)
    for (const [key, value] of state) if (value !== null) this.#replace(this.#entryOf(key), value)
  }

  /** A history that goes on from here, in constant time. This one must not be written to as long as that one is used. */
  layer(): History {
    return new History(new Map(), { keepBlocks: this.#keepBlocks, head: this.#head, under: this })
  }

  /** The history that this one is a layer of, where nothing has been written to it yet; else itself. */
  get unwritten(): History {
    const isWritten = this.#entries.size > 0 || this.#head !== this.#start
    return isWritten || !(this.#under instanceof History) ? this : this.#under
  }

  /** Keys that were written to since `below`, a history that this one lies on, was laid under another. */
  *touchedSince(below: History): Iterable<string> {
    for (let layer: History = this; layer !== below; ) {
      yield* layer.#entries.keys()
      if (!(layer.#under instanceof History)) return
      layer = layer.#under
    }
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
    const entry = this.#entries.get(key)
    return entry === undefined ? this.#under?.get(key) : entry.value
  }

  *keys(prefix: string, start?: string): Iterable<string> {
    for (const key of this.#orderedKeys(prefix, start)) if (this.get(key) !== undefined) yield key
  }

  /**
   * Appends a block's changes and drops what is too old.
   *
   * @returns the keys whose value is another now
   */
  commit(changes: Changes): string[] {
    const replaced = this.#replacedBy(changes)
    this.#head++
    const cells: UndoCell[] = []
    const changed: string[] = []
    for (const [key, value, before] of replaced) {
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

  /**
   * Changes the head's state without a block. The state before it stays what it was.
   *
   * @returns the keys whose value is another now
   */
  amend(changes: Changes): string[] {
    const cells: UndoCell[] = []
    const changed: string[] = []
    // The block that a history begins with has no record of what it replaced: what lies under it still reads as it was.
    const isRecorded = this.#head > this.#start && this.#head > this.#oldest
    for (const [key, value, before] of this.#replacedBy(changes)) {
      const entry = this.#entryOf(key)
      changed.push(key)
      if (isRecorded && entry.changes.last !== this.#head) {
        cells.push({ id: entry.id, value: before })
        entry.changes.push(this.#head)
      }
      this.#replace(entry, value ?? undefined)
    }
    if (cells.length > 0) this.#undo.extend(this.#head, cells)
    return changed
  }

  /**
   * What really changes: key, new value and the one before. Reads all before anything is written: where the state under
   * this one is another chain's, reading may fail, and must not leave half a block behind.
   */
  #replacedBy(changes: Changes): [string, Uint8Array | null, Uint8Array | undefined][] {
    const replaced: [string, Uint8Array | null, Uint8Array | undefined][] = []
    for (const [key, value] of changes) {
      const before = this.get(key)
      if (!isSame(before, value)) replaced.push([key, value, before])
    }
    return replaced
  }

  /** The state after a block. @throws RangeError where the block's state is not kept */
  at(block: number): ReadableState {
    if (block < this.#oldest || block > this.#head) throw new RangeError(`history: block ${block} is not kept`)
    if (block === this.#head) return this
    if (block < this.#start) return (this.#under as History).at(block)
    return {
      get: (key) => this.#valueAt(key, block),
      keys: (prefix, start) => this.#keysAt(block, prefix, start),
    }
  }

  /** Blocks in (after, until] that changed the key, ascending. */
  changesOf(key: string, after: number, until: number): number[] {
    const own = this.#entries.get(key)?.changes.within(after, until) ?? []
    if (after >= this.#start || !(this.#under instanceof History)) return own
    return [...this.#under.changesOf(key, after, Math.min(until, this.#start)), ...own]
  }

  *#keysAt(block: number, prefix: string, start?: string): Iterable<string> {
    for (const key of this.#orderedKeys(prefix, start)) if (this.#valueAt(key, block) !== undefined) yield key
  }

  /** Keys that have or had a value, this history's and those under it. */
  #orderedKeys(prefix: string, start?: string): Iterable<string> {
    const own = this.#order.from(prefix, start)
    return this.#under === undefined ? own : mergeKeys(own, this.#under.keys(prefix, start))
  }

  #valueAt(key: string, block: number): Uint8Array | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return this.#under?.get(key)
    const later = entry.changes.firstAfter(block)
    return later === undefined ? entry.value : this.#undo.valueBefore(later, entry.id)
  }

  #replace(entry: Entry, value: Uint8Array | undefined): void {
    if (entry.value !== undefined) this.#digest.remove(entry.key, entry.value, entry.hash)
    const hash = value === undefined ? undefined : this.#digest.add(entry.key, value)
    entry.hash = entry.changes.length > 1 ? hash : undefined
    entry.value = value
  }

  #entryOf(key: string): Entry {
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const id = this.#freeIds.pop() ?? this.#byId.length
    const entry: Entry = { id, key, value: this.#under?.get(key), changes: new ChangeList(), hash: undefined }
    this.#entries.set(key, entry)
    this.#byId[id] = entry
    this.#order.add(key)
    return entry
  }

  /** Gives up the oldest state: what the block after it replaced is not needed any more. */
  #prune(): void {
    const block = ++this.#oldest
    if (block <= this.#start) return
    for (const { id } of this.#undo.cells(block)) {
      const entry = this.#byId[id]!
      entry.changes.dropUntil(block)
      if (entry.value !== undefined || entry.changes.length > 0) continue
      // What lies under this history still has it: the entry says that it is gone.
      if (this.#under?.get(entry.key) !== undefined) continue
      this.#entries.delete(entry.key)
      this.#order.remove(entry.key)
      this.#byId[id] = undefined
      this.#freeIds.push(id)
    }
    this.#undo.drop(block)
  }
}

function isSame(before: Uint8Array | undefined, after: Uint8Array | null): boolean {
  if (before === undefined || after === null) return before === undefined && after === null
  return before.length === after.length && Buffer.compare(before, after) === 0
}
