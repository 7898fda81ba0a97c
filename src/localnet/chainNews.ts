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
  #keysBetween = new Set<string>()

  /** Takes note of keys that changed without a block: those who listen now hear of them with the next block. */
  changedBetween(keys: Iterable<string>): void {
    if (this.blocks.isEmpty) return
    for (const key of keys) this.#keysBetween.add(key)
  }

  tellBlock(block: Block, changed: readonly string[]): void {
    const between = this.#keysBetween
    this.#keysBetween = new Set()
    this.blocks.tell({ block, changedKeys: between.size === 0 ? changed : [...new Set([...between, ...changed])] })
  }

  tellBreak(): void {
    this.journal.tell({ kind: 'break' })
    this.breaks.tell()
  }
}
