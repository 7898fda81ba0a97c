import type { ChainMark } from './chainData.ts'

export interface Snapshot {
  readonly mark: ChainMark
  /** How far the chain's clock was ahead of the wall clock. */
  readonly aheadMs: number
}

/** Points that the chain can go back to, by number. */
export class Snapshots {
  readonly #all = new Map<number, Snapshot>()
  #last = 0

  /** Numbers of those that are there. */
  get numbers(): number[] {
    return [...this.#all.keys()]
  }

  /** @returns its number, which none had before */
  add(snapshot: Snapshot): number {
    this.#all.set(++this.#last, snapshot)
    return this.#last
  }

  /** One of them; those after it are gone. It stays itself. */
  goBackTo(number: number): Snapshot | undefined {
    const snapshot = this.#all.get(number)
    if (snapshot === undefined) return undefined
    for (const later of this.#all.keys()) if (later > number) this.#all.delete(later)
    return snapshot
  }

  clear(): void {
    this.#all.clear()
  }
}
