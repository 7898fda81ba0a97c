import { ByteLog } from './byteLog.ts'

/** What one key held before a block changed it; `undefined` where it was absent. */
export interface UndoCell {
  /** Number of the key, see History. */
  readonly id: number
  readonly value: Uint8Array | undefined
}

const varintBytes = 5

/** One record a block: the values that the block replaced, as key number, length + 1 (0: absent) and value. */
export class UndoLog {
  readonly #log = new ByteLog()
  #scratch = new Uint8Array(4096)

  /** Bytes of all records kept. */
  get bytes(): number {
    return this.#log.bytes
  }

  append(block: number, cells: readonly UndoCell[]): void {
    const most = cells.reduce((sum, { value }) => sum + 2 * varintBytes + (value?.length ?? 0), 0)
    if (most > this.#scratch.length) this.#scratch = new Uint8Array(2 * most)
    const out = this.#scratch
    let used = 0
    const writeVarint = (value: number): void => {
      let rest = value
      for (; rest >= 0x80; rest >>>= 7) out[used++] = (rest & 0x7f) | 0x80
      out[used++] = rest
    }
    for (const { id, value } of cells) {
      writeVarint(id)
      writeVarint(value === undefined ? 0 : value.length + 1)
      if (value === undefined) continue
      out.set(value, used)
      used += value.length
    }
    this.#log.append(block, out.subarray(0, used))
  }

  /** Adds cells to a block's record, the newest that there is. */
  extend(block: number, cells: readonly UndoCell[]): void {
    const kept = [...this.cells(block)].map(({ id, value }) => ({ id, value: value?.slice() }))
    this.#log.drop(block)
    this.append(block, [...kept, ...cells])
  }

  /** What `id` held before `block`, which must have changed it. */
  valueBefore(block: number, id: number): Uint8Array | undefined {
    for (const cell of this.cells(block)) if (cell.id === id) return cell.value?.slice()
    throw new Error(`undo log: block ${block} did not change key ${id}`)
  }

  /** Values are views of the log: copy what is kept. */
  *cells(block: number): Iterable<UndoCell> {
    const record = this.#log.read(block)
    let offset = 0
    const readVarint = (): number => {
      let value = 0
      for (let shift = 0; ; shift += 7) {
        const byte = record[offset++]!
        value |= (byte & 0x7f) << shift
        if (byte < 0x80) return value
      }
    }
    while (offset < record.length) {
      const id = readVarint()
      const length = readVarint()
      if (length === 0) {
        yield { id, value: undefined }
        continue
      }
      const value = record.subarray(offset, offset + length - 1)
      offset += length - 1
      yield { id, value }
    }
  }

  drop(block: number): void {
    this.#log.drop(block)
  }
}
