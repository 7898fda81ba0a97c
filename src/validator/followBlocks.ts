import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Chain } from '../chain/connect.ts'
import { type BlockHeader, watchBlocks } from '../chain/watchBlocks.ts'

export interface FollowOptions {
  readonly chain: Chain
  /** For the log. */
  readonly what: string
  readonly patienceMs: number
  readonly log: Log
  readonly onBlock: (header: BlockHeader) => Promise<void>
}

/**
 * Does something at each new block until it is ended. A failure is logged, once for each way of failing in a row, and the
 * next block tries again: a chain that is away comes back.
 *
 * @returns ends it; resolves when nothing of it runs any more, at most after `patienceMs`
 */
export async function followBlocks(options: FollowOptions): Promise<() => Promise<void>> {
  const { chain, what, patienceMs, log, onBlock } = options
  let isOver = false
  let told: string | undefined
  let running: Promise<void> = Promise.resolve()
  const end = await watchBlocks(
    chain,
    (header) => {
      running = onBlock(header).then(
        () => {
          told = undefined
        },
        (error: unknown) => {
          const message = messageOf(error)
          if (message !== told && !isOver) log.warn(`${what}: ${message}`)
          told = message
        },
      )
      return running
    },
    (error) => log.error(`${what}: ${messageOf(error)}`),
  )
  return async () => {
    isOver = true
    end()
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs)
    })
    await Promise.race([running, patience])
    clearTimeout(timer)
  }
}
