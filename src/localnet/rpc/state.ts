import { z } from 'zod'
import { hashHex } from '../extrinsic.ts'
import type { ReadableState } from '../history.ts'
import type { LocalNode } from '../node.ts'
import type { Hex32 } from '../scale/chainTypes.ts'
import { type Methods, method, requireSession } from './method.ts'
import { at, bytes, hash, hex, keys } from './params.ts'
import { RpcError } from './rpcError.ts'
import { unsubscribeMethod } from './subscribe.ts'
import { hexOf, optionalHex } from './wire.ts'

const pageLimit = 1_000
/** Keys that one answer may hold, and storage reads that one query may take. */
const keyLimit = 100_000
const readLimit = 1_000_000

interface StateAt {
  readonly number: number
  readonly hash: Hex32
  readonly state: ReadableState
}

/** @throws RpcError where the block is unknown or its state is not kept, in the real node's words */
export function stateAt(node: LocalNode, asked: Hex32 | undefined): StateAt {
  if (asked === undefined) return { number: node.head.header.number, hash: node.head.hash, state: node.history }
  const number = node.blocks.numberOf(asked)
  if (number === undefined) {
    throw new RpcError('state', `Client error: UnknownBlock: Header was not found in the database: ${asked}`)
  }
  if (number < node.history.oldest) {
    throw new RpcError('state', `Client error: UnknownBlock: State already discarded for ${asked}`)
  }
  return { number, hash: asked, state: node.history.at(number) }
}

/** The answer to a query or subscription: some keys and their values at one block. */
function changeSet(block: Hex32, state: ReadableState, of: Iterable<string>): unknown {
  return { block, changes: Array.from(of, (key) => [key, optionalHex(state.get(key))]) }
}

/** Newer clients know the last field as `systemVersion`, older ones as `stateVersion`. */
function versionJson({ runtime: { version } }: LocalNode): unknown {
  return { ...version, stateVersion: version.systemVersion }
}

function firstKeys(state: ReadableState, prefix: string, count: number, after?: string): string[] {
  const found: string[] = []
  for (const key of state.keys(prefix, after)) {
    if (key === after) continue
    if (found.length === count) break
    found.push(key)
  }
  return found
}

const getStorage = method([hex, at], ({ node }, key, block) => optionalHex(stateAt(node, block).state.get(key)))

const getKeysPaged = method(
  [hex.optional(), z.number().int().min(0), hex.optional(), at],
  ({ node }, prefix, count, after, block) => {
    if (count > pageLimit) {
      throw new RpcError('pageTooLong', `count exceeds maximum value. value: ${count}, max: ${pageLimit}`)
    }
    return firstKeys(stateAt(node, block).state, prefix ?? '0x', count, after)
  },
)

const queryStorageAt = method([keys, at], ({ node }, asked, block) => {
  const { hash: blockHash, state } = stateAt(node, block)
  return [changeSet(blockHash, state, asked)]
})

/** All values at `from`, then per later block those that changed there. */
const queryStorage = method([keys, hash, at], ({ node }, asked, from, to) => {
  const first = stateAt(node, from)
  const last = stateAt(node, to)
  if (first.number > last.number) {
    throw new RpcError(
      'blockRange',
      `Cannot resolve a block range ['${first.hash}' ... '${last.hash}']. from is after to`,
    )
  }
  const byBlock = new Map<number, string[]>()
  let reads = asked.length
  for (const key of asked) {
    for (const number of node.history.changesOf(key, first.number, last.number)) {
      if (++reads > readLimit) throw new RpcError('blockRange', 'Too many changes in the range; ask for fewer blocks')
      const changed = byBlock.get(number)
      if (changed === undefined) byBlock.set(number, [key])
      else changed.push(key)
    }
  }
  const later = [...byBlock].sort(([a], [b]) => a - b)
  return [
    changeSet(first.hash, first.state, asked),
    ...later.map(([number, changed]) => changeSet(node.blocks.hashAt(number)!, node.history.at(number), changed)),
  ]
})

export const stateMethods: Methods = {
  state_getStorage: getStorage,
  state_getStorageAt: getStorage,
  state_getStorageHash: method([hex, at], ({ node }, key, block) => {
    const value = stateAt(node, block).state.get(key)
    return value === undefined ? null : hashHex(value)
  }),
  state_getStorageSize: method(
    [hex, at],
    ({ node }, key, block) => stateAt(node, block).state.get(key)?.length ?? null,
  ),
  state_getKeys: method([hex, at], ({ node }, prefix, block) => {
    const found = firstKeys(stateAt(node, block).state, prefix, keyLimit + 1)
    if (found.length <= keyLimit) return found
    throw new RpcError('pageTooLong', `more than ${keyLimit} keys begin with ${prefix}; use state_getKeysPaged`)
  }),
  state_getPairs: method([hex, at], ({ node }, prefix, block) => {
    const { state } = stateAt(node, block)
    const found = firstKeys(state, prefix, keyLimit + 1)
    if (found.length <= keyLimit) return found.map((key) => [key, optionalHex(state.get(key))])
    throw new RpcError('pageTooLong', `more than ${keyLimit} keys begin with ${prefix}; use state_getKeysPaged`)
  }),
  state_getKeysPaged: getKeysPaged,
  state_getKeysPagedAt: getKeysPaged,
  state_queryStorageAt: queryStorageAt,
  state_queryStorage: queryStorage,
  state_getMetadata: method([at], ({ node }, block) => {
    stateAt(node, block)
    return node.metadataHex(14)
  }),
  state_getRuntimeVersion: method([at], ({ node }, block) => {
    stateAt(node, block)
    return versionJson(node)
  }),
  state_call: method([z.string(), bytes, at], ({ node }, name, input, block) =>
    hexOf(node.callRuntime(name, input, stateAt(node, block).number)),
  ),
  state_subscribeStorage: method([keys.optional()], (context, asked) => {
    const { node } = context
    const start = (send: (changes: unknown) => void): (() => void) => {
      if (asked !== undefined) send(changeSet(node.head.hash, node.history, asked))
      const wanted = asked === undefined ? undefined : new Set(asked)
      let isOfAnotherChain = false
      const stopBlocks = node.onBlock(({ block, changedKeys }) => {
        const changed = changedKeys.filter((key) => wanted === undefined || wanted.has(key))
        // After a break what was told may have been told of another chain altogether.
        const told = isOfAnotherChain && asked !== undefined ? asked : changed
        isOfAnotherChain = false
        if (told.length > 0) send(changeSet(block.hash, node.history, told))
      })
      const stopBreaks = node.onBreak(() => {
        isOfAnotherChain = true
      })
      return () => {
        stopBlocks()
        stopBreaks()
      }
    }
    return requireSession(context).subscribe('state_storage', start, asked?.length)
  }),
  state_unsubscribeStorage: unsubscribeMethod('state_storage'),
  state_subscribeRuntimeVersion: method([], (context) =>
    requireSession(context).subscribe('state_runtimeVersion', (send) => {
      send(versionJson(context.node))
      // The runtime never changes while a node runs.
      return () => undefined
    }),
  ),
  state_unsubscribeRuntimeVersion: unsubscribeMethod('state_runtimeVersion'),
}
