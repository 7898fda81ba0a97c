import { type Block, BlockStore, extrinsicsRoot, type Header, hashHeader } from './blocks.ts'
import type { EmissionFact } from './emissionFact.ts'
import { EmissionLedger } from './emissionLedger.ts'
import { type Changes, History, type ReadableState } from './history.ts'
import type { Hex32 } from './scale/chainTypes.ts'

/** Where a chain begins or goes on: block 0 in most cases, the last block of a stored or copied chain in others. */
export interface ChainStart {
  readonly genesis: Block
  /** The block whose state is given. */
  readonly head: Block
  /** Time of the head, in milliseconds since 1970; 0 for block 0. */
  readonly timestampMs: number
  /** State of the head, or what it has beside `under`. */
  readonly state: Changes
  /** State of another chain that is read where this one says nothing. */
  readonly under?: ReadableState
  /** Blocks after the head that are known already, oldest first. */
  readonly later?: readonly LaterBlock[]
}

export interface LaterBlock {
  readonly block: Block
  readonly timestampMs: number
  readonly changes: Changes
}

/** What a block is made of before its state root is known. */
export interface UnsealedBlock {
  readonly number: number
  readonly parentHash: Hex32
  readonly timestampMs: number
  readonly logs: Header['digest']['logs']
  readonly extrinsics: readonly Uint8Array[]
  readonly changes: Changes
  readonly emission: readonly EmissionFact[]
}

/** A value that was replaced: absent before, after or neither. */
export interface Replaced {
  readonly key: string
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | null
}

/** Where blocks and state are kept beyond this process. Whatever a method has done is on the disk when it returns. */
export interface ChainDisk {
  append(block: Block, timestampMs: number, replaced: readonly Replaced[]): void
  /** Changes of the head's state without a block. */
  amend(replaced: readonly Replaced[]): void
  /** Takes back the blocks after this one. @param replaced how the state differs from the one stored now */
  rewind(head: Block, timestampMs: number, replaced: readonly Replaced[]): void
  /** Another chain takes the place of the stored one. */
  replace(start: ChainStart): void
  close(): void
}

/** A point of the chain that can be gone back to. */
export interface ChainMark {
  readonly history: History
  readonly head: Block
  readonly timestampMs: number
}

/** All that a node keeps of its chain: state, blocks and the account of emission, which move on together. */
export class ChainData {
  readonly blocks: BlockStore
  readonly emission: EmissionLedger
  readonly #disk: ChainDisk | undefined
  #history: History
  #timestampMs: number
  /** Why the disk did not take a block: memory is then ahead of it, and the chain must not go on. */
  #diskFailure: unknown

  constructor(start: ChainStart, options: { keepBlocks: number; disk?: ChainDisk | undefined }) {
    const { genesis, head, timestampMs, state, under, later = [] } = start
    const { keepBlocks, disk } = options
    const { number } = head.header
    this.#disk = disk
    this.#history = new History(state, { keepBlocks, head: number, ...(under === undefined ? {} : { under }) })
    this.blocks = new BlockStore(genesis, { keepBlocks })
    if (number > 0) this.blocks.append(head)
    this.#timestampMs = timestampMs
    for (const known of later) {
      this.#history.commit(known.changes)
      this.blocks.append(known.block)
      this.#timestampMs = known.timestampMs
    }
    this.emission = new EmissionLedger({ keepBlocks, head: this.blocks.head.header.number })
  }

  get history(): History {
    return this.#history
  }

  /** Time of the head, in milliseconds since 1970. */
  get timestampMs(): number {
    return this.#timestampMs
  }

  append(unsealed: UnsealedBlock): { block: Block; changedKeys: string[] } {
    const { changes, timestampMs, emission } = unsealed
    if (this.#diskFailure !== undefined) throw this.#diskFailure
    const replaced = this.#replacedBy(changes)
    const changedKeys = this.#history.commit(changes)
    const block = makeBlock({ ...unsealed, stateRoot: this.#history.root })
    this.#writing((disk) => disk.append(block, timestampMs, replaced))
    this.blocks.append(block)
    this.emission.append(emission)
    this.#timestampMs = timestampMs
    return { block, changedKeys }
  }

  /** Changes the head's state without a block. @returns the keys whose value is another now */
  amend(changes: Changes): string[] {
    const replaced = this.#replacedBy(changes)
    const changedKeys = this.#history.amend(changes)
    this.#writing((disk) => disk.amend(replaced))
    return changedKeys
  }

  /** Remembers the chain as it is now, in constant time. */
  mark(): ChainMark {
    // Else each going back and marking again would lay one more layer under all that is read.
    const history = this.#history.unwritten
    if (history === this.#history) this.#history = history.layer()
    return { history, head: this.blocks.head, timestampMs: this.#timestampMs }
  }

  /** Goes back to a mark, in constant time; it stays good for another time. @returns the state that is left */
  rewind({ history, head, timestampMs }: ChainMark): History {
    const left = this.#history
    this.#history = history.layer()
    this.blocks.rewind(head)
    this.emission.rewind(head.header.number)
    this.#timestampMs = timestampMs
    this.#writing((disk) => disk.rewind(head, timestampMs, differences(left, history)))
    return left
  }

  #writing(work: (disk: ChainDisk) => void): void {
    if (this.#disk === undefined) return
    try {
      work(this.#disk)
    } catch (error) {
      this.#diskFailure = error
      throw error
    }
  }

  /** Only the disk needs to know what was there before. */
  #replacedBy(changes: Changes): Replaced[] {
    if (this.#disk === undefined) return []
    return Array.from(changes, ([key, after]) => ({ key, before: this.#history.get(key), after }))
  }
}

/** How the second state differs from the first, which lies on it, with layers between perhaps. */
function differences(from: History, to: History): Replaced[] {
  const keys = new Set(from.touchedSince(to))
  return Array.from(keys, (key) => ({ key, before: from.get(key), after: to.get(key) ?? null }))
}

export function makeBlock(parts: {
  number: number
  parentHash: Hex32
  stateRoot: Hex32
  logs: Header['digest']['logs']
  extrinsics: readonly Uint8Array[]
}): Block {
  const { number, parentHash, stateRoot, logs, extrinsics } = parts
  const header: Header = {
    parent_hash: parentHash,
    number,
    state_root: stateRoot,
    extrinsics_root: extrinsicsRoot(extrinsics),
    digest: { logs },
  }
  return { hash: hashHeader(header), header, extrinsics }
}
