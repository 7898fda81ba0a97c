import { setTimeout as sleep } from 'node:timers/promises'
import type { Hash } from '../base/units.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { rpc } from './readMany.ts'

interface Block {
  readonly header: { readonly number: string; readonly parentHash: Hash }
  readonly extrinsics: string[]
}

/** A block as its node tells it; undefined where the node, perhaps another one by now, does not know it. */
export async function readBlock(chain: Chain, hash: Hash): Promise<Block | undefined> {
  return (await rpc<{ readonly block: Block } | null>(chain, 'chain_getBlock', [hash]))?.block
}

const headMethod = { inBlock: 'chain_getBlockHash', finalized: 'chain_getFinalizedHead' } as const

/** Blocks that an extrinsic signed just now may be in: longer than its mortal era is not needed. */
const blocksBack = 128
const pollMs = 250

/**
 * Looks for an extrinsic in the newest blocks, and then in each new one, until it is there. Nodes that do not answer, or
 * do not know a block yet, are asked again.
 *
 * @param bytes hex, as it was submitted
 * @returns hash of its block; rejects when `signal` fires
 */
export async function findExtrinsic(
  chain: Chain,
  bytes: string,
  until: keyof typeof headMethod,
  signal: AbortSignal,
): Promise<Hash> {
  let seen: Hash | undefined
  for (;;) {
    signal.throwIfAborted()
    try {
      const head = await rpc<Hash>(chain, headMethod[until], [])
      const found = await searchBack(chain, bytes, head, seen, signal)
      if (found !== undefined) return found
      seen = head
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
    }
    await sleep(pollMs, undefined, { signal })
  }
}

/** From a block back to one that was searched before. */
async function searchBack(
  chain: Chain,
  bytes: string,
  from: Hash,
  seen: Hash | undefined,
  signal: AbortSignal,
): Promise<Hash | undefined> {
  let hash = from
  for (let i = 0; i < blocksBack && hash !== seen; i++) {
    signal.throwIfAborted()
    const block = await readBlock(chain, hash)
    if (block === undefined) throw new ChainError(`no block ${hash} here`, { code: 'not-found', what: `block ${hash}` })
    if (block.extrinsics.includes(bytes)) return hash
    if (Number(block.header.number) === 0) return undefined
    hash = block.header.parentHash
  }
  return undefined
}
