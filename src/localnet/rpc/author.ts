import { z } from 'zod'
import { hashHex } from '../extrinsic.ts'
import { ScaleError } from '../scale/io.ts'
import type { Watcher } from '../watchers.ts'
import { type Methods, method, requireSession, unsafeMethod } from './method.ts'
import { bytes, hash } from './params.ts'
import { RpcError } from './rpcError.ts'
import { unsubscribeMethod } from './subscribe.ts'
import { hexOf } from './wire.ts'

const update = 'author_extrinsicUpdate'

/**
 * How long after `inBlock` a client hears `finalized`. Blocks are final at once, but clients look up the block's events
 * on each of the two and forget the first when the second comes meanwhile; on other chains it never does.
 */
const finalityNewsMs = 50

/** Bytes that are no extrinsic have a code of their own. */
function formatChecked<T>(submit: () => T): T {
  try {
    return submit()
  } catch (error) {
    if (error instanceof ScaleError) throw new RpcError('badFormat', `Extrinsic has invalid format: ${error.message}`)
    throw error
  }
}

/** Passes on what a watcher hears, the news of finality somewhat later. @returns also a function that ends that */
function unhurried({ send, end }: Watcher): { watcher: Watcher; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let held: (() => void) | undefined
  const watcher: Watcher = {
    send: (status) => {
      if (typeof status === 'object' && 'finalized' in status) held = () => send(status)
      else send(status)
    },
    end: () => {
      if (held === undefined) return end()
      timer = setTimeout(() => {
        held?.()
        end()
      }, finalityNewsMs)
    },
  }
  return { watcher, stop: () => clearTimeout(timer) }
}

/** An extrinsic by its hash or by its bytes. */
const extrinsicOrHash = z.union([
  z.object({ hash }).transform((given) => given.hash),
  z.object({ extrinsic: bytes }).transform((given) => hashHex(given.extrinsic)),
])

export const authorMethods: Methods = {
  author_submitExtrinsic: method([bytes], ({ node }, extrinsic) => formatChecked(() => node.submit(extrinsic))),
  author_submitAndWatchExtrinsic: method([bytes], (context, extrinsic) =>
    formatChecked(() =>
      requireSession(context).subscribe(update, (send, end) => {
        const { watcher, stop } = unhurried({ send, end })
        const unwatch = context.node.submitAndWatch(extrinsic, watcher.send, watcher.end)
        return () => {
          stop()
          unwatch()
        }
      }),
    ),
  ),
  author_unwatchExtrinsic: unsubscribeMethod(update),
  author_pendingExtrinsics: method([], ({ node }) => node.pool.extrinsics().map(({ bytes }) => hexOf(bytes))),
  /** Takes extrinsics out of the pool and bans them for a while. @returns the hashes of those that were in it */
  author_removeExtrinsic: unsafeMethod([z.array(extrinsicOrHash)], ({ node }, given) => {
    const found = given.filter((one) => node.pool.has(one))
    node.pool.reject(found)
    return found
  }),
  // Blocks are authored without a key store.
  author_hasKey: method([bytes, z.string()], () => false),
  author_hasSessionKeys: method([bytes], () => false),
}
