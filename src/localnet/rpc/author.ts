import { z } from 'zod'
import { ScaleError } from '../scale/io.ts'
import { type Methods, method, requireSession } from './method.ts'
import { bytes } from './params.ts'
import { RpcError } from './rpcError.ts'
import { unsubscribeMethod } from './subscribe.ts'
import { hexOf } from './wire.ts'

const update = 'author_extrinsicUpdate'

/** Bytes that are no extrinsic have a code of their own. */
function formatChecked<T>(submit: () => T): T {
  try {
    return submit()
  } catch (error) {
    if (error instanceof ScaleError) throw new RpcError('badFormat', `Extrinsic has invalid format: ${error.message}`)
    throw error
  }
}

export const authorMethods: Methods = {
  author_submitExtrinsic: method([bytes], ({ node }, extrinsic) => formatChecked(() => node.submit(extrinsic))),
  author_submitAndWatchExtrinsic: method([bytes], (context, extrinsic) =>
    formatChecked(() =>
      requireSession(context).subscribe(update, (send, end) => context.node.submitAndWatch(extrinsic, send, end)),
    ),
  ),
  author_unwatchExtrinsic: unsubscribeMethod(update),
  author_pendingExtrinsics: method([], ({ node }) => node.pool.extrinsics().map(({ bytes }) => hexOf(bytes))),
  // Blocks are authored without a key store.
  author_hasKey: method([bytes, z.string()], () => false),
  author_hasSessionKeys: method([bytes], () => false),
}
