import type { ReadableState } from '../history.ts'
import type { Runtime } from '../runtime.ts'
import { ScaleReader } from '../scale/io.ts'
import { digestBytes, type StorageItem, storageKey } from '../storage.ts'
import type { ForkCache } from './forkCache.ts'
import { ForkError } from './forkError.ts'
import type { SyncRpc } from './syncRpc.ts'

const pageKeys = 1_000
/** A map under keys as short as a netuid or uid is read whole. */
const shortKeyBytes = 2

/**
 * The state of one block of another chain, read when it is wanted and kept in the cache. Entries that go together come
 * together: all that share the first of several keys, and all of a map by netuid.
 *
 * @param blockHash the block
 */
export function remoteState(rpc: SyncRpc, cache: ForkCache, runtime: Runtime, blockHash: string): ReadableState {
  const lists = new Map<string, string[]>()

  /** Keys that are known to have no value. */
  const absent = new Set<string>()
  const prefixLengths = new Set(Array.from(cache.prefixes, (prefix) => prefix.length))

  const isCovered = (key: string): boolean => {
    for (const length of prefixLengths) if (cache.prefixes.has(key.slice(0, length))) return true
    return false
  }

  const valuesOf = (keys: readonly string[]): (readonly [string, Uint8Array | null])[] => {
    const [set] = rpc.call('state_queryStorageAt', [keys, blockHash]) as [{ changes: [string, string | null][] }]
    return set.changes.map(([key, value]) => [key, value === null ? null : Buffer.from(value.slice(2), 'hex')] as const)
  }

  /** Everything under a prefix, a page at a time; it counts as known when the last page is there. */
  const fetchAll = (prefix: string): void => {
    let last: string | null = null
    for (;;) {
      const keys = rpc.call('state_getKeysPaged', [prefix, pageKeys, last, blockHash]) as string[]
      // Else this would go on for ever, and nothing else meanwhile.
      if (last !== null && keys.some((key) => key <= last!)) throw goesInCircles(rpc.endpoint)
      const isLast = keys.length < pageKeys
      cache.put(keys.length === 0 ? [] : valuesOf(keys), isLast ? prefix : undefined)
      if (isLast) {
        prefixLengths.add(prefix.length)
        return
      }
      last = keys.at(-1)!
    }
  }

  const fetchAround = (key: string): void => {
    const item = runtime.itemByKey(key)
    const group = item === undefined ? undefined : groupOf(item, key)
    if (group === undefined) cache.put(valuesOf([key]))
    else fetchAll(group)
  }

  return {
    get: (key) => {
      if (absent.has(key)) return undefined
      let value = cache.get(key)
      if (value === undefined && !isCovered(key)) {
        fetchAround(key)
        value = cache.get(key)
      }
      if (value !== undefined && value !== null) return value
      absent.add(key)
      return undefined
    },
    keys: (prefix, start = prefix) => {
      let list = lists.get(prefix)
      if (list === undefined) {
        if (!isCovered(prefix)) fetchAll(prefix)
        list = cache.keys(prefix)
        lists.set(prefix, list)
      }
      return start <= prefix ? list : list.filter((key) => key >= start)
    },
  }
}

function goesInCircles(endpoint: string): ForkError {
  return new ForkError(
    `the fork's source ${endpoint} gives the same keys page after page`,
    { code: 'fork-unfit', endpoint },
    { mend: 'give another node of that chain: this one does not page as nodes do' },
  )
}

/** Keys of all single values: one question for all of them at the start saves one for each later. */
export function plainKeys({ pallets }: Runtime): string[] {
  const items = pallets.flatMap(({ storage }) => Object.values(storage))
  return items.filter(({ keys }) => keys.length === 0).map((item) => storageKey(item, []))
}

/** Prefix of the entries to be read along with one; undefined for an entry that is read alone. */
function groupOf(item: StorageItem, key: string): string | undefined {
  const [first] = item.keys
  if (first === undefined) return undefined
  const rest = Buffer.from(key.slice(item.prefix.length), 'hex')
  const input = new ScaleReader(rest)
  input.offset = digestBytes[first.hasher]
  first.type.decode(input)
  if (item.keys.length > 1) return item.prefix + rest.subarray(0, input.offset).toString('hex')
  return input.offset - digestBytes[first.hasher] <= shortKeyBytes ? item.prefix : undefined
}
