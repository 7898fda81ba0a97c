import { z } from 'zod'
import type { Block } from '../blocks.ts'
import type { LocalNode } from '../node.ts'
import { type Method, type Methods, method, requireSession } from './method.ts'
import { at, blockNumber } from './params.ts'
import { unsubscribeMethod } from './subscribe.ts'
import { headerJson, signedBlockJson } from './wire.ts'

const numbers = z.union([blockNumber, z.array(blockNumber).max(1_000, 'give at most 1000 numbers')]).optional()

/** Blocks are final at once, so the best head and the finalized head are the same. */
const headHash = method([], ({ node }) => node.head.hash)

/** @returns undefined for a block that is unknown or not kept */
export function blockAt(node: LocalNode, hash: Block['hash'] | undefined): Block | undefined {
  if (hash === undefined) return node.head
  const number = node.blocks.numberOf(hash)
  return number === undefined ? undefined : node.blocks.block(number)
}

/** Headers from the present head on. */
function headers(notification: string): Method {
  return method([], (context) =>
    requireSession(context).subscribe(notification, (send) => {
      send(headerJson(context.node.head.header))
      return context.node.onBlock(({ block }) => send(headerJson(block.header)))
    }),
  )
}

export const chainMethods: Methods = {
  chain_getHeader: method([at], ({ node }, hash) => {
    const block = blockAt(node, hash)
    return block === undefined ? null : headerJson(block.header)
  }),
  chain_getBlock: method([at], ({ node }, hash) => {
    const block = blockAt(node, hash)
    return block === undefined ? null : signedBlockJson(block)
  }),
  chain_getBlockHash: method([numbers], ({ node }, asked) => {
    if (asked === undefined) return node.head.hash
    const hashAt = (number: number) => node.blocks.hashAt(number) ?? null
    return Array.isArray(asked) ? asked.map(hashAt) : hashAt(asked)
  }),
  chain_getFinalizedHead: headHash,
  chain_subscribeNewHeads: headers('chain_newHead'),
  chain_unsubscribeNewHeads: unsubscribeMethod('chain_newHead'),
  chain_subscribeFinalizedHeads: headers('chain_finalizedHead'),
  chain_unsubscribeFinalizedHeads: unsubscribeMethod('chain_finalizedHead'),
  chain_subscribeAllHeads: headers('chain_allHead'),
  chain_unsubscribeAllHeads: unsubscribeMethod('chain_allHead'),
}
