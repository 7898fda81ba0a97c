import { archiveMethods } from './archive.ts'
import { authorMethods } from './author.ts'
import { chainMethods } from './chain.ts'
import { chainHeadMethods } from './chainHead.ts'
import { chainSpecMethods } from './chainSpec.ts'
import { localnetMethods } from './localnet.ts'
import { type Method, type Methods, method } from './method.ts'
import { paymentMethods } from './payment.ts'
import { stateMethods } from './state.ts'
import { systemMethods } from './system.ts'
import { transactionMethods } from './transaction.ts'

/** Other spellings under which clients know a method. @see facts: subtensor-chain.md, (c) */
const aliases: Readonly<Record<string, string>> = {
  account_nextIndex: 'system_accountNextIndex',
  chain_getHead: 'chain_getBlockHash',
  chain_getRuntimeVersion: 'state_getRuntimeVersion',
  chain_getFinalisedHead: 'chain_getFinalizedHead',
  chain_subscribeNewHead: 'chain_subscribeNewHeads',
  chain_unsubscribeNewHead: 'chain_unsubscribeNewHeads',
  chain_subscribeFinalisedHeads: 'chain_subscribeFinalizedHeads',
  chain_unsubscribeFinalisedHeads: 'chain_unsubscribeFinalizedHeads',
  chain_subscribeRuntimeVersion: 'state_subscribeRuntimeVersion',
  chain_unsubscribeRuntimeVersion: 'state_unsubscribeRuntimeVersion',
  subscribe_newHead: 'chain_subscribeNewHeads',
  unsubscribe_newHead: 'chain_unsubscribeNewHeads',
  state_callAt: 'state_call',
  state_getStorageHashAt: 'state_getStorageHash',
  state_getStorageSizeAt: 'state_getStorageSize',
  system_dryRunAt: 'system_dryRun',
}

/** Everything the server answers to, by wire name. @param extra namespaces that other parts of the node bring along */
export function allMethods(extra: readonly Methods[] = []): ReadonlyMap<string, Method> {
  const table = new Map<string, Method>()
  const namespaces = [
    archiveMethods,
    authorMethods,
    chainMethods,
    chainHeadMethods,
    chainSpecMethods,
    localnetMethods,
    paymentMethods,
    stateMethods,
    systemMethods,
    transactionMethods,
    ...extra,
  ]
  for (const namespace of namespaces) for (const [name, item] of Object.entries(namespace)) table.set(name, item)
  for (const [alias, name] of Object.entries(aliases)) table.set(alias, table.get(name)!)
  const names = [...table.keys(), 'rpc_methods'].sort()
  table.set(
    'rpc_methods',
    method([], () => ({ methods: names })),
  )
  return table
}
