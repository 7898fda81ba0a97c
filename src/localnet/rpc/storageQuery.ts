import { z } from 'zod'
import { hashHex } from '../extrinsic.ts'
import type { ReadableState } from '../history.ts'
import { closestDescendant } from './closestDescendant.ts'
import { hex } from './params.ts'
import { hexOf } from './wire.ts'

/** What `chainHead_v1_storage` and `archive_v1_storage` are asked for, one key or prefix an item. */
export const storageItem = z.object({
  key: hex,
  type: z.enum(['value', 'hash', 'closestDescendantMerkleValue', 'descendantsValues', 'descendantsHashes']),
  /** Descendants after this key only. */
  paginationStartKey: hex.nullish(),
})

export const storageItems = z.array(storageItem).max(10_000, 'give at most 10000 items')

export type StorageItem = z.output<typeof storageItem>

export interface StorageResult {
  readonly key: string
  readonly value?: string
  readonly hash?: string
  readonly closestDescendantMerkleValue?: string
}

/** What one page holds at most: results, and characters of values in them. */
const pageItems = 1_000
const pageCharacters = 1 << 20

/**
 * Answers storage items page by page. Between two pages the chain may move on: each page looks up the place where the
 * one before it ended.
 */
export class StorageQuery {
  readonly #items: readonly StorageItem[]
  #next = 0
  /** The last descendant of the item under way that has been handed out. */
  #after: string | undefined

  constructor(items: readonly StorageItem[]) {
    this.#items = items
  }

  get isDone(): boolean {
    return this.#next >= this.#items.length
  }

  /** The next results. @throws RpcError where one of them takes too much work */
  page(state: ReadableState): StorageResult[] {
    const results: StorageResult[] = []
    let characters = 0
    const add = (result: StorageResult): boolean => {
      results.push(result)
      characters += result.value?.length ?? 0
      return results.length < pageItems && characters < pageCharacters
    }
    while (!this.isDone) {
      const item = this.#items[this.#next]!
      const isWhole = item.type.startsWith('descendants')
        ? this.#descendants(state, item, add)
        : single(state, item, add)
      if (isWhole) {
        this.#next++
        this.#after = undefined
      }
      if (results.length >= pageItems || characters >= pageCharacters) break
    }
    return results
  }

  /** @returns whether there are no more */
  #descendants(state: ReadableState, item: StorageItem, add: (result: StorageResult) => boolean): boolean {
    const after = this.#after ?? item.paginationStartKey ?? undefined
    for (const key of state.keys(item.key, after)) {
      if (key === after) continue
      const value = state.get(key)!
      this.#after = key
      if (!add(item.type === 'descendantsValues' ? { key, value: hexOf(value) } : { key, hash: hashHex(value) })) {
        return false
      }
    }
    return true
  }
}

/** A key without a value has no result. @returns true */
function single(state: ReadableState, { key, type }: StorageItem, add: (result: StorageResult) => boolean): boolean {
  if (type === 'closestDescendantMerkleValue') {
    const merkleValue = closestDescendant(state, key)
    if (merkleValue !== undefined) add({ key, closestDescendantMerkleValue: hexOf(merkleValue) })
    return true
  }
  const value = state.get(key)
  if (value !== undefined) add(type === 'value' ? { key, value: hexOf(value) } : { key, hash: hashHex(value) })
  return true
}
