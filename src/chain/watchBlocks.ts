import type { Hash } from '../base/units.ts'
import type { Chain } from './connect.ts'

export interface BlockHeader {
  readonly number: number
  readonly hash: Hash
}

/**
 * Calls the listener for each new best block; the subscription survives reconnection. A listener that is still busy
 * misses blocks in between, never the newest one.
 *
 * @param onError gets what the listener throws; the watch goes on
 * @returns a function that ends the watch
 */
export async function watchBlocks(
  chain: Chain,
  listener: (header: BlockHeader) => Promise<void> | void,
  onError: (error: unknown) => void,
): Promise<() => void> {
  let newest: BlockHeader | undefined
  let busy = false
  let stopped = false
  const work = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (newest !== undefined && !stopped) {
      const header = newest
      newest = undefined
      try {
        await listener(header)
      } catch (error) {
        onError(error)
      }
    }
    busy = false
  }
  const unsubscribe = await chain.api.rpc.chain.subscribeNewHeads((header) => {
    newest = { number: header.number.toNumber(), hash: header.hash.toHex() as Hash }
    void work()
  })
  return () => {
    stopped = true
    unsubscribe()
  }
}
