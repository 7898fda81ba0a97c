import { blake2b } from '@noble/hashes/blake2.js'
import { type AnyType, encode, type ScaleType } from './scale/types.ts'
import { twox } from './twox.ts'

/** The two builds of the real chain: `fast` has 250 ms blocks and short constants (facts: subtensor-chain.md, (a)). */
export type Build = 'fast' | 'normal'

export type Hasher = 'Identity' | 'Twox64Concat' | 'Blake2_128Concat'

export interface KeyPart<K> {
  readonly hasher: Hasher
  readonly type: ScaleType<K>
}

export const identity = <K>(type: ScaleType<K>): KeyPart<K> => ({ hasher: 'Identity', type })
export const twox64 = <K>(type: ScaleType<K>): KeyPart<K> => ({ hasher: 'Twox64Concat', type })
export const blake2 = <K>(type: ScaleType<K>): KeyPart<K> => ({ hasher: 'Blake2_128Concat', type })

type Parts<Keys extends readonly unknown[]> = { readonly [I in keyof Keys]: KeyPart<Keys[I]> }

/** What a pallet writes down about one item, before the pallet's and the item's names are known. */
export interface ItemDeclaration<Keys extends readonly unknown[], Value> {
  readonly keys: Parts<Keys>
  readonly value: AnyType
  readonly modifier: 'Default' | 'Optional'
  /** What `state.get` answers where nothing is stored; `undefined` for optional items. */
  readonly fallback: (build: Build) => Value
}

type Fallback<V> = V | ((build: Build) => V)

/** One value with a default. A default that differs between builds is a function. */
export function value<V>(type: ScaleType<V>, fallback: Fallback<V>): ItemDeclaration<[], V> {
  return { keys: [], value: type, modifier: 'Default', fallback: asFunction(fallback) }
}

/** One value that may be absent. */
export function optional<V>(type: ScaleType<V>): ItemDeclaration<[], V | undefined> {
  return { keys: [], value: type, modifier: 'Optional', fallback: () => undefined }
}

/** A map with a default. */
export function map<const Keys extends readonly unknown[], V>(
  keys: Parts<Keys>,
  type: ScaleType<V>,
  fallback: Fallback<V>,
): ItemDeclaration<Keys, V> {
  return { keys, value: type, modifier: 'Default', fallback: asFunction(fallback) }
}

/** A map whose entries may be absent. */
export function optionalMap<const Keys extends readonly unknown[], V>(
  keys: Parts<Keys>,
  type: ScaleType<V>,
): ItemDeclaration<Keys, V | undefined> {
  return { keys, value: type, modifier: 'Optional', fallback: () => undefined }
}

function asFunction<V>(fallback: Fallback<V>): (build: Build) => V {
  return typeof fallback === 'function' ? (fallback as (build: Build) => V) : () => fallback
}

/** A storage item of a pallet: enough to build its keys, its metadata row and its values. */
export interface StorageItem<Keys extends readonly unknown[] = readonly unknown[], Value = unknown>
  extends ItemDeclaration<Keys, Value> {
  readonly pallet: string
  readonly name: string
  /** twox128(pallet) ++ twox128(name), as `0x…` hex; every key of the item begins with it. */
  readonly prefix: string
}

/** Declarations by on-chain name → items of that pallet. */
export function storageOf<D extends Readonly<Record<string, ItemDeclaration<readonly unknown[], unknown>>>>(
  pallet: string,
  declarations: D,
): { readonly [N in keyof D]: D[N] extends ItemDeclaration<infer K, infer V> ? StorageItem<K, V> : never } {
  const palletPrefix = nameHash(pallet)
  const items = Object.entries(declarations).map(([name, declaration]) => {
    const prefix = `0x${palletPrefix}${nameHash(name)}`
    return [name, { ...declaration, pallet, name, prefix }] as const
  })
  return Object.fromEntries(items) as never
}

function nameHash(name: string): string {
  return Buffer.from(twox(Buffer.from(name), 128)).toString('hex')
}

/**
 * The full key of an entry, or, with fewer keys than the item has, the prefix of all entries that share them.
 *
 * @returns `0x…` hex
 */
export function storageKey(item: Pick<StorageItem, 'prefix' | 'keys'>, keys: readonly unknown[]): string {
  let key = item.prefix
  for (let i = 0; i < keys.length; i++) key += keyPart(item.keys[i] as KeyPart<unknown>, keys[i])
  return key
}

// Building a key's part costs a microsecond or two and the same few recur in each block.
const knownParts = new WeakMap<KeyPart<unknown>, Map<unknown, string>>()
const knownPartsLimit = 20_000

function keyPart(part: KeyPart<unknown>, key: unknown): string {
  if (typeof key === 'object') return makeKeyPart(part, key)
  let known = knownParts.get(part)
  if (known === undefined) {
    known = new Map()
    knownParts.set(part, known)
  }
  const made = known.get(key)
  if (made !== undefined) return made
  const text = makeKeyPart(part, key)
  if (known.size >= knownPartsLimit) known.clear()
  known.set(key, text)
  return text
}

function makeKeyPart(part: KeyPart<unknown>, key: unknown): string {
  const encoded = Buffer.from(encode(part.type, key))
  const hex = encoded.toString('hex')
  if (part.hasher === 'Identity') return hex
  const digest = part.hasher === 'Twox64Concat' ? twox(encoded, 64) : blake2b(encoded, { dkLen: 16 })
  return Buffer.from(digest).toString('hex') + hex
}

/** Bytes of the digest that a hasher puts before the key itself. */
export const digestBytes = { Identity: 0, Twox64Concat: 8, Blake2_128Concat: 16 } as const satisfies Record<
  Hasher,
  number
>
