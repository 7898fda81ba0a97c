import { setTimeout as sleep } from 'node:timers/promises'
import type { Hash } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { rpc } from './readMany.ts'

interface Block {
  readonly block: {
    readonly header: { readonly number: string; readonly parentHash: Hash }
    readonly extrinsics: string[]
  }
}

/** Blocks that an extrinsic signed just now may be in: longer than its mortal era is not needed. */
const blocksBack = 128
const pollMs = 250

/**
 * Looks for an extrinsic in the newest blocks, and then in each new one, until it is there.
 *
 * @param bytes hex, as it was submitted
 * @returns hash of its block; rejects when `signal` fires
 */
export async function findExtrinsic(chain: Chain, bytes: string, signal: AbortSignal): Promise<Hash> {
  let seen: Hash | undefined
  for (;;) {
    signal.throwIfAborted()
    const head = await rpc<Hash>(chain, 'chain_getBlockHash', [])
    let hash = head
    for (let i = 0; i < blocksBack && hash !== seen; i++) {
      signal.throwIfAborted()
      const { block } = await rpc<Block>(chain, 'chain_getBlock', [hash])
      if (block.extrinsics.includes(bytes)) return hash
      if (Number(block.header.number) === 0) break
      hash = block.header.parentHash
    }
    seen = head
    await sleep(pollMs, undefined, { signal })
  }
}
