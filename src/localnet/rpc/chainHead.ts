import { z } from 'zod'
import { Follow } from './follow.ts'
import { type Methods, method, type RpcContext, requireSession } from './method.ts'
import { bytes, hash, runtimeMethod } from './params.ts'
import { RpcError } from './rpcError.ts'
import type { Session } from './session.ts'
import { storageItems } from './storageQuery.ts'

const notification = 'chainHead_v1_followEvent'
/** Follow subscriptions of one connection. */
const followLimit = 4

/** The follow subscriptions of each connection by id. */
const follows = new WeakMap<Session, Map<string, Follow>>()

function followsOf(context: RpcContext): Map<string, Follow> {
  const session = requireSession(context)
  const known = follows.get(session)
  if (known !== undefined) return known
  const made = new Map<string, Follow>()
  follows.set(session, made)
  return made
}

function follow(context: RpcContext, withRuntime: boolean): string {
  const session = requireSession(context)
  const open = followsOf(context)
  if (open.size >= followLimit) {
    throw new RpcError('tooManyFollows', 'Maximum number of chainHead_follow has been reached')
  }
  let made: Follow | undefined
  const id = session.subscribe(notification, (send, end) => {
    made = new Follow({ node: context.node, withRuntime, send, end })
    const stop = made.start()
    return () => {
      stop()
      open.delete(id)
    }
  })
  open.set(id, made!)
  return id
}

const id = z.string()
const hashes = z
  .array(hash)
  .max(10_000, 'give at most 10000 hashes')
  .or(hash.transform((one) => [one]))
/** There are no child tries, so nothing is found in any. */
const childTrie = bytes.optional()

/** What is answered to questions on a subscription that has stopped or never was. */
const stale = { result: 'limitReached' } as const

/** Following the chain's head block by block. @see paritytech/json-rpc-interface-spec, chainHead */
export const chainHeadMethods: Methods = {
  chainHead_v1_follow: method([z.boolean()], follow),
  chainHead_v1_unfollow: method([id], (context, of) => {
    requireSession(context).unsubscribe(notification, of)
    return null
  }),
  chainHead_v1_header: method([id, hash], (context, of, block) => followsOf(context).get(of)?.header(block) ?? null),
  chainHead_v1_body: method([id, hash], (context, of, block) => followsOf(context).get(of)?.body(block) ?? stale),
  chainHead_v1_call: method([id, hash, runtimeMethod, bytes], (context, of, block, name, args) => {
    return followsOf(context).get(of)?.call(block, name, args) ?? stale
  }),
  chainHead_v1_storage: method([id, hash, storageItems, childTrie], (context, of, block, items, child) => {
    return (
      followsOf(context)
        .get(of)
        ?.storage(block, child === undefined ? items : []) ?? stale
    )
  }),
  chainHead_v1_continue: method([id, id], (context, of, operation) => {
    followsOf(context).get(of)?.continue(operation)
    return null
  }),
  chainHead_v1_stopOperation: method([id, id], (context, of, operation) => {
    followsOf(context).get(of)?.stopOperation(operation)
    return null
  }),
  chainHead_v1_unpin: method([id, hashes], (context, of, blocks) => {
    followsOf(context).get(of)?.unpin(blocks)
    return null
  }),
}
