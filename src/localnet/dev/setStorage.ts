import { InputError, messageOf } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import type { Runtime } from '../runtime.ts'
import { encode } from '../scale/types.ts'
import { type StorageItem, storageKey } from '../storage.ts'
import { fromJson } from './fromJson.ts'

/** One entry of the state by its raw key: `0x…` hex on both sides, null removes it. */
export type RawEntry = readonly [key: string, value: string | null]

/** One entry by name: `{ pallet: 'SubtensorModule', item: 'Tempo', keys: [1], value: 20 }`. */
export interface NamedEntry {
  readonly pallet: string
  readonly item: string
  /** Keys of a map's entry. Default none. */
  readonly keys?: readonly unknown[]
  /** Null removes the entry. See `fromJson` for how types look in JSON. */
  readonly value: unknown
}

const wholeBytes = /^0x([0-9a-fA-F]{2})*$/

/**
 * Writes raw bytes into the state at once, without a block. Nothing is checked: the chain reads what stands there.
 *
 * @throws InputError for what is no hex
 */
export function setRawStorage(node: LocalNode, entries: readonly RawEntry[]): void {
  const changes = new Map<string, Uint8Array | null>()
  for (const [key, value] of entries) {
    if (!wholeBytes.test(key)) throw new InputError('key', key, 'give 0x and an even number of hex digits')
    if (value !== null && !wholeBytes.test(value)) throw new InputError('value', value, 'give 0x hex, or null')
    changes.set(key.toLowerCase(), value === null ? null : Buffer.from(value.slice(2), 'hex'))
  }
  node.amend(changes)
}

/**
 * Writes values into the state at once, without a block, by the names that metadata gives them.
 *
 * @returns the raw keys
 * @throws InputError for an unknown pallet or item, or for keys or a value that do not fit its types
 */
export function setStorage(node: LocalNode, entries: readonly NamedEntry[]): string[] {
  const changes = new Map<string, Uint8Array | null>()
  for (const entry of entries) {
    const item = storageItem(node.runtime, entry.pallet, entry.item)
    const field = `${entry.pallet}.${entry.item}`
    const key = entryKey(item, entry.keys ?? [], field)
    if (entry.value === null) changes.set(key, null)
    else
      changes.set(
        key,
        encoded(field, entry.value, () => encode(item.value, fromJson(item.value, entry.value, field))),
      )
  }
  node.amend(changes)
  return [...changes.keys()]
}

/** @throws InputError where metadata has no such item */
export function storageItem({ pallets }: Runtime, pallet: string, name: string): StorageItem {
  const items = pallets.find((one) => one.name === pallet)?.storage
  if (items === undefined) throw new InputError('pallet', pallet, `one of ${pallets.map((one) => one.name).join(', ')}`)
  if (!Object.hasOwn(items, name)) throw new InputError('item', name, `an item that metadata declares for ${pallet}`)
  return items[name]!
}

function entryKey(item: StorageItem, keys: readonly unknown[], field: string): string {
  if (keys.length !== item.keys.length) {
    throw new InputError(`${field} keys`, keys, `give ${item.keys.length} keys`)
  }
  const values = keys.map((key, i) => fromJson(item.keys[i]!.type, key, `${field} keys[${i}]`))
  return encoded(`${field} keys`, keys, () => storageKey(item, values))
}

/** A value of the right form may still be out of its type's range. */
function encoded<T>(field: string, value: unknown, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(field, value, messageOf(error), { cause: error })
  }
}
