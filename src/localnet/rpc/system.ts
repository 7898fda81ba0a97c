import { encode } from '../scale/types.ts'
import { applyResult } from '../validityError.ts'
import { type Methods, method, unsafeMethod } from './method.ts'
import { account, at, bytes } from './params.ts'
import { stateAt } from './state.ts'
import { hexOf } from './wire.ts'

/** Executes a whole block, the epochs that are due in it included: not for strangers, on the real node neither. */
const dryRun = unsafeMethod([bytes, at], ({ node }, extrinsic, block) =>
  hexOf(encode(applyResult, node.dryRun(extrinsic, stateAt(node, block).number))),
)

export const systemMethods: Methods = {
  system_name: method([], ({ node }) => node.identity.name),
  system_version: method([], ({ node }) => node.identity.version),
  system_chain: method([], ({ node }) => node.identity.chain),
  system_chainType: method([], () => 'Local'),
  system_properties: method([], ({ node }) => node.identity.properties),
  system_health: method([], () => ({ peers: 0, isSyncing: false, shouldHavePeers: false })),
  system_peers: method([], () => []),
  system_nodeRoles: method([], () => ['Authority']),
  system_localListenAddresses: method([], () => []),
  system_syncState: method([], ({ node }) => {
    const current = node.head.header.number
    return { startingBlock: 0, currentBlock: current, highestBlock: current }
  }),
  system_accountNextIndex: method([account], ({ node }, who) => node.pool.nextNonce(who)),
  system_dryRun: dryRun,
}
