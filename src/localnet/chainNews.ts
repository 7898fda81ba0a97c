import type { Block } from './blocks.ts'
import type { JournalEntry } from './journal.ts'
import { Listeners } from './listeners.ts'
import type { BlockEvent } from './nodeOptions.ts'

/** What becomes of the chain, for whoever wants to know. */
export class ChainNews {
  readonly blocks = new Listeners<BlockEvent>()
  /** The chain went back to a snapshot or was replaced. */
  readonly breaks = new Listeners<void>()
  /** Everything that moves the chain on. */
  readonly journal = new Listeners<JournalEntry>()
  /** Keys that changed without a block since the last one. */
  #keysBetween: Iterable<string>[] = []

  /** Takes note of keys that changed without a block: the next block's listeners hear of them. */
  changedBetween(keys: Iterable<string>): void {
    this.#keysBetween.push(keys)
  }

  tellBlock(block: Block, changed: readonly string[]): void {
    const between = this.#keysBetween
    this.#keysBetween = []
    if (this.blocks.isEmpty) return
    const changedKeys =
      between.length === 0 ? changed : [...new Set([...between.flatMap((keys) => [...keys]), ...changed])]
    this.blocks.tell({ block, changedKeys })
  }

  tellBreak(): void {
    this.journal.tell({ kind: 'break' })
    this.breaks.tell()
  }
}
