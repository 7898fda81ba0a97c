import { z } from 'zod'
import { FacultyError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import { PoolError } from '../pool.ts'
import { type Methods, method, type RpcContext, requireSession } from './method.ts'
import { bytes } from './params.ts'
import { RpcError } from './rpcError.ts'
import type { Session } from './session.ts'

/** Broadcasts of one connection that are under way. */
const broadcastLimit = 16
/** Only the name under which a session keeps its broadcasts: they send no messages. */
const kind = 'transaction_v1_broadcast'

/** How many broadcasts each connection has. */
const counts = new WeakMap<Session, number>()

/** @returns the broadcast's id; null where the connection has too many */
function broadcast(context: RpcContext, extrinsic: Uint8Array): string | null {
  const session = requireSession(context)
  const count = counts.get(session) ?? 0
  if (count >= broadcastLimit) return null
  return session.subscribe(kind, () => {
    const stop = keepTrying(context.node, extrinsic)
    counts.set(session, count + 1)
    return () => {
      stop()
      counts.set(session, counts.get(session)! - 1)
    }
  })
}

/**
 * Puts an extrinsic into the pool, and where the pool has no room or loses it, once more after each block. One that is
 * invalid is given up without a word, as the method is defined: the client sees by the blocks what becomes of it.
 *
 * @returns a function that ends it
 */
function keepTrying(node: LocalNode, extrinsic: Uint8Array): () => void {
  let stopWatching = (): void => undefined
  let stopListening = (): void => undefined
  const again = (): void => {
    stopListening()
    stopListening = node.onBlock(() => {
      stopListening()
      attempt()
    })
  }
  const attempt = (): void => {
    try {
      const watch = (status: unknown): void => {
        if (status === 'dropped') again()
      }
      stopWatching = node.submitAndWatch(extrinsic, watch, () => undefined)
    } catch (error) {
      if (!(error instanceof FacultyError)) throw error
      if (error instanceof PoolError && error.failure.code === 'immediately-dropped') again()
    }
  }
  attempt()
  return () => {
    stopWatching()
    stopListening()
  }
}

/** Sending extrinsics without hearing of them. @see paritytech/json-rpc-interface-spec, transaction */
export const transactionMethods: Methods = {
  transaction_v1_broadcast: method([bytes], broadcast),
  transaction_v1_stop: method([z.string()], (context, id) => {
    if (requireSession(context).unsubscribe(kind, id)) return null
    throw new RpcError('invalidParams', 'Invalid operation id', id)
  }),
}
