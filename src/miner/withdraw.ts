import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { MinerChain } from './minerChain.ts'

export interface WithdrawOptions {
  readonly chain: Pick<MinerChain, 'announce'>
  /** Stays on chain: with it the receipts that were given remain checkable. */
  readonly certificate: Uint8Array
  readonly log: Log
  readonly timeoutMs?: number
}

/** A block and some. */
const defaultTimeoutMs = 20_000

/**
 * Announces that nothing is served any more: address 0.0.0.0, by which callers know it. The chain refuses port 0, so the port
 * is 1, as in the Python SDK. Counts towards the chain's rate limit of announcements (50 blocks by default), so a miner that
 * starts again within ten minutes must wait for the rest of them.
 *
 * Never rejects: a miner that stops is not kept from it by its chain.
 *
 * @see facts: subtensor-chain.md, serve_axon; bittensor-wire.md, 1.14
 */
export async function withdraw(options: WithdrawOptions): Promise<void> {
  const { chain, certificate, log, timeoutMs = defaultTimeoutMs } = options
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the chain did not take it within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([chain.announce({ ip: 0n, ipType: 4, port: 1, certificate }), tooLong])
    log.info('withdrawn: the chain says that nothing is served here')
  } catch (error) {
    log.warn(`not withdrawn, the address stays on chain: ${messageOf(error)}`)
  } finally {
    clearTimeout(timer)
  }
}
