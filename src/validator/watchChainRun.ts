import type { Log } from '../base/log.ts'
import type { Chain } from '../chain/connect.ts'
import { rpc } from '../chain/readMany.ts'
import type { Store } from './store.ts'

/**
 * Notices a local chain that has begun anew, before or during this process: its genesis is the same as before, but no
 * commit and no epoch number of the earlier run means anything on it.
 *
 * @returns to be called at each block before weights are seen to
 */
export function watchChainRun(chain: Chain, { store, log }: { store: Store; log: Log }): () => Promise<void> {
  let isMet = false
  chain.onConnection(() => {
    isMet = false
  })
  return async () => {
    if (isMet) return
    const firstBlock = await rpc<string | null>(chain, 'chain_getBlockHash', [1])
    if (firstBlock === null) return
    isMet = true
    if (!store.meetChain(firstBlock)) return
    log.warn('this chain has begun anew since the database was written: weights of then are forgotten, scores are kept')
  }
}
