import { type Face, face430 } from './face.ts'
import { ScaleReader } from './scale/io.ts'
import { type AnyType, decodeStorage, encode } from './scale/types.ts'
import { type Build, digestBytes, type KeyPart, type StorageItem, storageKey } from './storage.ts'

/** Committed state below a block in progress. Keys are `0x…` hex, values SCALE bytes. */
export interface StateBackend {
  get(key: string): Uint8Array | undefined
  /** Keys that begin with `prefix`, ascending. */
  keys(prefix: string): Iterable<string>
}

type Changes = Map<string, Uint8Array | null>

/**
 * The state that a block is executed on: typed reads and writes over a stack of layers, so that a failing call
 * leaves no trace. The bottom is a backend, which is never written to.
 */
export class State {
  readonly build: Build
  /** The release whose rules hold and whose items are kept. */
  readonly face: Face
  readonly #backend: StateBackend
  readonly #layers: Changes[] = [new Map()]

  constructor(backend: StateBackend, build: Build, face: Face = face430) {
    this.#backend = backend
    this.build = build
    this.face = face
  }

  /** The stored value, else the item's default (`undefined` for optional items). */
  get<K extends readonly unknown[], V>(item: StorageItem<K, V>, ...keys: K): V {
    const kept = this.#standIn(item)
    const bytes = this.getRaw(storageKey(kept, keys))
    return bytes === undefined ? item.fallback(this.build) : (decodeStorage(kept.value, bytes) as V)
  }

  has<K extends readonly unknown[]>(item: StorageItem<K, unknown>, ...keys: K): boolean {
    return this.getRaw(storageKey(this.#standIn(item), keys)) !== undefined
  }

  /** Stores a value, a default one too, as the chain does. An item that the release does not have is not kept. */
  set<K extends readonly unknown[], V>(item: StorageItem<K, V>, keys: K, value: NonNullable<V>): void {
    const kept = this.#standIn(item)
    if (kept !== item || this.#has(item)) this.setRaw(storageKey(kept, keys), encode(kept.value, value))
  }

  /** Reads, changes and stores in one step. */
  update<K extends readonly unknown[], V>(
    item: StorageItem<K, V>,
    keys: K,
    change: (value: V) => NonNullable<V>,
  ): void {
    this.set(item, keys, change(this.get(item, ...keys)))
  }

  remove<K extends readonly unknown[]>(item: StorageItem<K, unknown>, ...keys: K): void {
    this.setRaw(storageKey(this.#standIn(item), keys), null)
  }

  /** Removes every entry whose first keys are these. @returns how many there were */
  removePrefix(item: StorageItem, ...firstKeys: readonly unknown[]): number {
    const keys = this.keysRaw(storageKey(this.#standIn(item), firstKeys))
    for (const key of keys) this.setRaw(key, null)
    return keys.length
  }

  /** Entries of a map in storage order (ascending by hashed key), optionally only those with these first keys. */
  *entries<K extends readonly unknown[], V>(
    item: StorageItem<K, V>,
    ...firstKeys: readonly unknown[]
  ): Iterable<[K, NonNullable<V>]> {
    const kept = this.#standIn(item)
    for (const key of this.keysRaw(storageKey(kept, firstKeys))) {
      const bytes = this.getRaw(key)
      if (bytes !== undefined) yield [decodeKey(kept, key), decodeStorage(kept.value, bytes) as NonNullable<V>]
    }
  }

  /** The item under which the release keeps what the rules know as `item`. */
  #standIn<K extends readonly unknown[], V>(item: StorageItem<K, V>): StorageItem<K, V> {
    const { layout } = this.face
    if (layout === undefined || item.pallet !== 'SubtensorModule') return item
    // A stand-in has the keys and the values of what it stands for; only name and bytes are others.
    return (layout.standIns[item.name] as StorageItem<K, V> | undefined) ?? item
  }

  #has({ pallet, name }: Pick<StorageItem, 'pallet' | 'name'>): boolean {
    return this.face.layout?.later[pallet]?.storage?.includes(name) !== true
  }

  getRaw(key: string): Uint8Array | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const value = this.#layers[i]!.get(key)
      if (value !== undefined) return value ?? undefined
    }
    return this.#backend.get(key)
  }

  setRaw(key: string, value: Uint8Array | null): void {
    this.#layers.at(-1)!.set(key, value)
  }

  /** Keys with this prefix in ascending order, changes of this block included. */
  keysRaw(prefix: string): string[] {
    const changed = new Map<string, boolean>()
    for (const layer of this.#layers) {
      for (const [key, value] of layer) if (key.startsWith(prefix)) changed.set(key, value !== null)
    }
    const keys: string[] = []
    for (const key of this.#backend.keys(prefix)) if (!changed.has(key)) keys.push(key)
    if (changed.size === 0) return keys
    for (const [key, present] of changed) if (present) keys.push(key)
    return keys.sort()
  }

  /** Runs `work`; if it throws, everything it wrote is undone and the error goes on. */
  transaction<T>(work: () => T): T {
    this.#layers.push(new Map())
    const depth = this.#layers.length
    try {
      const result = work()
      const top = this.#layers.pop()!
      const below = this.#layers.at(-1)!
      for (const [key, value] of top) below.set(key, value)
      return result
    } catch (error) {
      this.#layers.length = depth - 1
      throw error
    }
  }

  /** What this block changed: key → new value, or null where it was removed. */
  get changes(): ReadonlyMap<string, Uint8Array | null> {
    if (this.#layers.length !== 1) throw new Error('state: changes asked for inside a transaction')
    return this.#layers[0]!
  }
}

/** The keys of a map entry out of its full storage key. All our hashers keep the key itself behind the digest. */
export function decodeKey<K extends readonly unknown[]>(item: StorageItem<K, unknown>, key: string): K {
  const input = new ScaleReader(Buffer.from(key.slice(item.prefix.length), 'hex'))
  const parts = item.keys as readonly KeyPart<unknown>[]
  return parts.map((part) => {
    input.offset += digestBytes[part.hasher]
    return (part.type as AnyType).decode(input)
  }) as unknown as K
}
