import type { Header } from '@polkadot/types/interfaces'
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
  let seen: Hash | undefined
  // Not over `api.rpc`, which hands news on later than the answers that came after them.
  const unsubscribe = await chain.subscribe('chain_newHead', 'chain_subscribeNewHeads', [], (result) => {
    const header = chain.api.registry.createTypeUnsafe<Header>('Header', [result])
    const hash = header.hash.toHex() as Hash
    // A renewed subscription begins with the head, which may be known.
    if (hash === seen) return
    seen = hash
    newest = { number: header.number.toNumber(), hash }
    void work()
  })
  return () => {
    stopped = true
    unsubscribe()
  }
}
