import { messageOf } from '../base/errors.ts'
import type { Hash } from '../base/units.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { findExtrinsic } from './findExtrinsic.ts'
import { refusal } from './refusal.ts'

export interface WatchOptions {
  /** The call, for errors. */
  readonly name: string
  /** The signed extrinsic, hex. */
  readonly bytes: string
  readonly until: 'inBlock' | 'finalized'
  readonly timeoutMs: number
}

type Wait = { done(hash: Hash): void; fail(error: unknown): void }

/** What a node reports about an extrinsic that ends the wait for it. */
const ends: Readonly<Record<string, string>> = {
  dropped: 'the pool is full and dropped it',
  invalid: 'it has become invalid',
  usurped: 'another call of this account with the same nonce took its place',
  finalityTimeout: 'its block was not finalised in time',
}

/**
 * Submits a signed extrinsic and follows it into a block. Where the connection is lost on the way, the extrinsic is not
 * sent again: the chain's blocks are searched for it once there is a connection again.
 *
 * @returns hash of the block that holds it
 * @throws ChainError `refused`, `timeout`
 */
export async function watchExtrinsic(chain: Chain, options: WatchOptions): Promise<Hash> {
  const { name, bytes, until, timeoutMs } = options
  const ending = new AbortController()
  const cleanUp: (() => void)[] = []
  try {
    return await new Promise<Hash>((resolve, reject) => {
      const timer = setTimeout(() => reject(timeout(name, timeoutMs)), timeoutMs)
      cleanUp.push(() => clearTimeout(timer))
      const wait: Wait = { done: resolve, fail: reject }
      let searching = false
      const search = (): void => {
        if (searching) return
        searching = true
        findExtrinsic(chain, bytes, until, ending.signal).then(wait.done, wait.fail)
      }
      cleanUp.push(chain.onConnection((connected) => (connected ? undefined : search())))
      chain
        .subscribe('author_extrinsicUpdate', 'author_submitAndWatchExtrinsic', [bytes], (status) =>
          follow(status, name, until, wait),
        )
        .then(
          (unsubscribe) => (ending.signal.aborted ? unsubscribe() : cleanUp.push(unsubscribe)),
          (error: unknown) => {
            if (isSilence(error)) search()
            else reject(error instanceof ChainError ? error : refusal(name, messageOf(error), error))
          },
        )
    })
  } finally {
    ending.abort()
    for (const act of cleanUp) act()
  }
}

/** Whether the node may have taken the extrinsic without our hearing of it. */
function isSilence(error: unknown): boolean {
  return error instanceof ChainError && ['disconnected', 'timeout'].includes(error.failure.code)
}

/** @param status `"ready"`, `{"inBlock": "0x…"}` and the like */
function follow(status: unknown, name: string, until: WatchOptions['until'], wait: Wait): void {
  const [kind, value] =
    typeof status === 'string'
      ? [status, undefined]
      : (Object.entries(status as Record<string, unknown>)[0] ?? ['', undefined])
  const why = ends[kind]
  if (why !== undefined) wait.fail(new ChainError(`${name}: ${why}`, { code: 'refused', reason: kind, call: name }))
  else if (kind === 'finalized' || (kind === 'inBlock' && until === 'inBlock')) wait.done(value as Hash)
}

function timeout(name: string, afterMs: number): ChainError {
  return new ChainError(
    `${name}: not in a block within ${afterMs} ms`,
    { code: 'timeout', what: name, afterMs },
    { mend: 'is the chain making blocks? The call may still come in: look before repeating it' },
  )
}
