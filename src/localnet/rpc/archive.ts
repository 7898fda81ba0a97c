import { FacultyError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import type { Hex32 } from '../scale/chainTypes.ts'
import { blockAt } from './chain.ts'
import { type Methods, method, type RpcContext, requireSession } from './method.ts'
import { blockNumber, bytes, hash, runtimeMethod, subscriptionId } from './params.ts'
import { stateAt } from './state.ts'
import { type StorageItem, StorageQuery, storageItems } from './storageQuery.ts'
import { headerHex, hexOf } from './wire.ts'

const notification = 'archive_v1_storageEvent'
/** There are no child tries, so nothing is found in any. */
const childTrie = bytes.optional()

function call(node: LocalNode, block: Hex32, name: string, input: Uint8Array): unknown {
  const found = blockAt(node, block)
  if (found === undefined) return null
  try {
    return { success: true, value: hexOf(node.callRuntime(name, input, stateAt(node, block).number)) }
  } catch (error) {
    if (error instanceof FacultyError) return { success: false, error: error.explanation }
    throw error
  }
}

/** Sends what is asked for, page by page, so that the chain and other clients get their turn in between. */
function storage(context: RpcContext, block: Hex32, items: readonly StorageItem[]): string {
  const { node } = context
  return requireSession(context).subscribe(notification, (send, end) => {
    const query = new StorageQuery(items)
    const step = (): void => {
      try {
        for (const item of query.page(stateAt(node, block).state)) send({ event: 'storage', ...item })
        if (!query.isDone) {
          turn = setImmediate(step)
          return
        }
        send({ event: 'storageDone' })
      } catch (error) {
        send({ event: 'storageError', error: error instanceof FacultyError ? error.explanation : String(error) })
      }
      end()
    }
    let turn = setImmediate(step)
    return () => clearImmediate(turn)
  })
}

/** Blocks and states by hash, without following the chain. @see paritytech/json-rpc-interface-spec, archive */
export const archiveMethods: Methods = {
  archive_v1_genesisHash: method([], ({ node }) => node.genesisHash),
  archive_v1_finalizedHeight: method([], ({ node }) => node.head.header.number),
  archive_v1_hashByHeight: method([blockNumber], ({ node }, number) => {
    const found = node.blocks.hashAt(number)
    return found === undefined ? [] : [found]
  }),
  archive_v1_header: method([hash], ({ node }, block) => {
    const found = blockAt(node, block)
    return found === undefined ? null : headerHex(found.header)
  }),
  archive_v1_body: method([hash], ({ node }, block) => blockAt(node, block)?.extrinsics.map(hexOf) ?? null),
  archive_v1_call: method([hash, runtimeMethod, bytes], ({ node }, ...args) => call(node, ...args)),
  archive_v1_storage: method([hash, storageItems, childTrie], (context, block, items, child) =>
    storage(context, block, child === undefined ? items : []),
  ),
  archive_v1_stopStorage: method([subscriptionId], (context, id) => {
    requireSession(context).unsubscribe(notification, id)
    return null
  }),
}
