import type { QueryableStorageEntry } from '@polkadot/api/types'
import type { StorageKey } from '@polkadot/types'
import type { Codec } from '@polkadot/types/types'
import { hexToU8a, stringCamelCase } from '@polkadot/util'
import { messageOf } from '../base/errors.ts'
import type { Hash } from '../base/units.ts'
import { ChainError } from './chainError.ts'
import { type Chain, lateAnswer } from './connect.ts'

export interface Read {
  /** On-chain names, e.g. `SubtensorModule`, `Burn`. */
  readonly pallet: string
  readonly item: string
  readonly keys?: readonly unknown[]
}

/** Keys in one request, some 150 bytes each; nodes bound the size of a message. */
const keysPerRequest = 4_000

/**
 * Reads any number of storage entries at one block in as few requests as possible.
 *
 * @returns decoded values in order; `undefined` where an optional entry is absent, the item's default where a
 *   defaulted one is
 * @throws ChainError `not-found` where the chain has no such item, `timeout`
 */
export async function readMany(chain: Chain, reads: readonly Read[], at?: Hash): Promise<(Codec | undefined)[]> {
  return (await readTogether(chain, reads, at)).values
}

/** As `readMany`, and says at which block: without `at` the node's best one, for all requests that it takes. */
export async function readTogether(
  chain: Chain,
  reads: readonly Read[],
  at?: Hash,
): Promise<{ readonly values: (Codec | undefined)[]; readonly blockHash: Hash | undefined }> {
  const keys = reads.map((read) => {
    const entry = storageEntry(chain, read.pallet, read.item)
    return { entry, hex: entry.key(...(read.keys ?? [])) }
  })
  const found = new Map<string, string | null>()
  let blockHash = at
  for (let i = 0; i < keys.length; i += keysPerRequest) {
    const page = keys.slice(i, i + keysPerRequest).map(({ hex }) => hex)
    const params = blockHash === undefined ? [page] : [page, blockHash]
    for (const set of changeSets(await rpc<unknown>(chain, queryMethod, params))) {
      blockHash = set.block
      for (const [key, value] of set.changes) found.set(key, value)
    }
  }
  const decode = (): (Codec | undefined)[] =>
    keys.map(({ entry, hex }) => decodeEntry(chain, entry, found.get(hex) ?? null))
  return { values: readable(queryMethod, decode), blockHash }
}

const queryMethod = 'state_queryStorageAt'

interface ChangeSet {
  readonly block: Hash
  readonly changes: readonly (readonly [key: string, value: string | null])[]
}

/** @throws ChainError `rpc` for what is no list of change sets */
function changeSets(answer: unknown): readonly ChangeSet[] {
  const isOne = (set: Partial<ChangeSet> | null): boolean =>
    typeof set?.block === 'string' && Array.isArray(set.changes)
  if (Array.isArray(answer) && answer.every(isOne)) return answer
  throw unreadable(queryMethod, 'the answer is not that of a node')
}

/** @throws ChainError `rpc` where an answer cannot be decoded */
function readable<T>(method: string, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    throw unreadable(method, messageOf(error), error)
  }
}

function unreadable(method: string, reason: string, cause?: unknown): ChainError {
  const mend = 'the node is broken or runs another release than this client knows: try another one'
  return new ChainError(`${method}: ${reason}`, { code: 'rpc', method, reason }, { mend, cause })
}

/** One storage value. See `readMany`. */
export async function readOne(
  chain: Chain,
  pallet: string,
  item: string,
  keys: readonly unknown[] = [],
  at?: Hash,
): Promise<Codec | undefined> {
  const [value] = await readMany(chain, [{ pallet, item, keys }], at)
  return value
}

/**
 * All entries of a map whose first keys are these, all of the same block: the node's best one.
 *
 * @returns pairs of the decoded keys and the decoded value
 * @throws ChainError `timeout` where they do not come within the connection's time, all pages together
 */
export async function readMap(
  chain: Chain,
  pallet: string,
  item: string,
  firstKeys: readonly unknown[] = [],
): Promise<{ keys: readonly Codec[]; value: Codec }[]> {
  const entry = storageEntry(chain, pallet, item)
  const endAt = Date.now() + chain.timeoutMs
  const at = await rpc<Hash>(chain, 'chain_getBlockHash', [])
  const found: { keys: readonly Codec[]; value: Codec }[] = []
  const prefix = entry.keyPrefix(...firstKeys)
  for (let last = prefix; ; ) {
    const page = keyPage(await rpc<unknown>(chain, pageMethod, [prefix, keysPerPage, last, at]), last)
    for (const set of page.length === 0 ? [] : changeSets(await rpc<unknown>(chain, queryMethod, [page, at]))) {
      for (const [key, hex] of set.changes) {
        if (hex === null) continue
        const decode = (): Codec | undefined => decodeEntry(chain, entry, hex)
        found.push({
          keys: readable(pageMethod, () => keysIn(chain, entry, key)),
          value: readable(queryMethod, decode)!,
        })
      }
    }
    if (page.length < keysPerPage) return found
    if (Date.now() > endAt) throw lateAnswer(chain, `${pallet}.${item}`)
    last = page.at(-1)!
  }
}

const pageMethod = 'state_getKeysPaged'
/** Nodes give no more at once. */
const keysPerPage = 1_000

/** @throws ChainError `rpc` for what is no list of keys behind `last`: with such pages there would be no end */
function keyPage(answer: unknown, last: string): readonly string[] {
  const isKey = (key: unknown): boolean => typeof key === 'string' && key > last
  if (Array.isArray(answer) && answer.every(isKey)) return answer
  throw unreadable(pageMethod, 'the answer is not that of a node')
}

function keysIn(chain: Chain, entry: QueryableStorageEntry<'promise'>, hex: string): readonly Codec[] {
  const key = chain.api.registry.createTypeUnsafe<StorageKey>('StorageKey', [hex])
  return key.setMeta(entry.creator.meta).args
}

/** A raw JSON-RPC call with the connection's time-out. @throws ChainError `timeout`, `rpc` */
export async function rpc<T>(chain: Chain, method: string, params: readonly unknown[]): Promise<T> {
  try {
    return await chain.send<T>(method, params)
  } catch (error) {
    if (error instanceof ChainError) throw error
    const reason = messageOf(error)
    throw new ChainError(`${method}: ${reason}`, { code: 'rpc', method, reason }, { cause: error })
  }
}

/** Whether the chain's release has a storage item. */
export function hasStorage(chain: Chain, pallet: string, item: string): boolean {
  return chain.api.query[stringCamelCase(pallet)]?.[stringCamelCase(item)] !== undefined
}

function storageEntry(chain: Chain, pallet: string, item: string): QueryableStorageEntry<'promise'> {
  const entry = chain.api.query[stringCamelCase(pallet)]?.[stringCamelCase(item)]
  if (entry === undefined) {
    throw new ChainError(
      `${pallet}.${item}: this chain has no such storage`,
      { code: 'not-found', what: `${pallet}.${item}` },
      {
        mend: 'the chain runs another release than this client knows',
      },
    )
  }
  return entry
}

function decodeEntry(chain: Chain, entry: QueryableStorageEntry<'promise'>, hex: string | null): Codec | undefined {
  const { meta } = entry.creator
  const optional = meta.modifier.isOptional
  if (hex === null && optional) return undefined
  const typeId = meta.type.isPlain ? meta.type.asPlain : meta.type.asMap.value
  const type = chain.api.registry.createLookupType(typeId)
  // As bytes: @polkadot/types reads the hex text of an integer as a big-endian number.
  const bytes = hexToU8a(hex ?? meta.fallback.toHex())
  return chain.api.registry.createTypeUnsafe(type, [bytes]) as Codec
}
