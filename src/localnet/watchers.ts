import type { PoolStatus } from './pool.ts'
import type { Hex32 } from './scale/chainTypes.ts'

/** What a watcher of an extrinsic hears, in the words of `author_extrinsicUpdate`. */
export type ExtrinsicStatus = PoolStatus | { readonly inBlock: Hex32 } | { readonly finalized: Hex32 }

export interface Watcher {
  readonly send: (status: ExtrinsicStatus) => void
  /** Nothing follows. */
  readonly end: () => void
}

function isLast(status: ExtrinsicStatus): boolean {
  return status === 'dropped' || status === 'invalid' || (typeof status === 'object' && !('inBlock' in status))
}

/** Who wants to know how which extrinsic fares. */
export class Watchers {
  readonly #byHash = new Map<Hex32, Set<Watcher>>()

  /** @returns a function that ends it */
  add(hash: Hex32, watcher: Watcher): () => void {
    const watchers = this.#byHash.get(hash) ?? new Set()
    watchers.add(watcher)
    this.#byHash.set(hash, watchers)
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0 && this.#byHash.get(hash) === watchers) this.#byHash.delete(hash)
    }
  }

  tell(hash: Hex32, status: ExtrinsicStatus): void {
    const watchers = this.#byHash.get(hash)
    if (watchers === undefined) return
    for (const watcher of [...watchers]) watcher.send(status)
    if (!isLast(status)) return
    this.#byHash.delete(hash)
    for (const watcher of watchers) watcher.end()
  }
}
