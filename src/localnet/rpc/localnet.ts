import { InputError } from '../../base/errors.ts'
import { mineToEpoch } from '../dev/mineToEpoch.ts'
import { setTime } from '../dev/setTime.ts'
import { skipToReveal } from '../dev/skipToReveal.ts'
import type { LocalNode } from '../node.ts'
import { pendingTotal } from '../pallets/subtensor/pendingEmission.ts'
import { blocks, interval, milliseconds, netuid } from './devParams.ts'
import { localnetClientMethods } from './localnetClients.ts'
import { localnetRunMethods } from './localnetRuns.ts'
import { localnetStateMethods } from './localnetState.ts'
import { type Methods, unsafeMethod } from './method.ts'
import { blockNumber } from './params.ts'

/** Alpha rao as decimal strings; `issued` is the sum of the others, to the rao. */
function emission(node: LocalNode, netuid: number, from: number, to: number): Readonly<Record<string, string>> {
  const oldest = Math.max(node.history.oldest, node.emission.oldest)
  const newest = node.head.header.number
  if (to > newest) throw new InputError('toBlock', to, `give a block up to ${newest}`)
  if (from < oldest || from > to) throw new InputError('fromBlock', from, `give a block from ${oldest} to ${to}`)
  // Read from the chain's own state, so that the sum is a check of the facts and not one of them.
  const pending = pendingTotal(node.stateAt(to), netuid) - pendingTotal(node.stateAt(from), netuid)
  const amounts = { ...node.emission.between(netuid, from, to), pending }
  return Object.fromEntries(Object.entries(amounts).map(([kind, rao]) => [kind, rao.toString()]))
}

/** What only a dev chain can do. */
export const localnetMethods: Methods = {
  ...localnetStateMethods,
  ...localnetRunMethods,
  ...localnetClientMethods,
  /** Makes this many blocks at once. @returns number and hash of the last one */
  localnet_mine: unsafeMethod([blocks], ({ node }, count) => node.mine(count)),
  localnet_setInterval: unsafeMethod([interval], ({ node }, wanted) => {
    node.setInterval(wanted)
    return node.info()
  }),
  /** Makes blocks up to and with the one with the subnet's next epoch. @returns number and hash of the last one */
  localnet_mineToEpoch: unsafeMethod([netuid], ({ node }, wanted) => mineToEpoch(node, wanted)),
  /** Makes blocks until the subnet's oldest good commit can be revealed in the next one. @returns the last block */
  localnet_skipToReveal: unsafeMethod([netuid], ({ node }, wanted) => skipToReveal(node, wanted)),
  /** Sets the chain's clock, in milliseconds since 1970; it goes on from there. @returns the next block's time */
  localnet_setTime: unsafeMethod([milliseconds], ({ node }, ms) => {
    setTime(node, ms)
    return node.nextTimestampMs
  }),
  /** Sets the chain's clock ahead by so many milliseconds. @returns the next block's time */
  localnet_jumpTime: unsafeMethod([milliseconds], ({ node }, ms) => {
    node.jumpTime(ms)
    return node.nextTimestampMs
  }),
  localnet_info: unsafeMethod([], ({ node }) => node.info()),
  /**
   * Where a subnet's alpha of the blocks after `fromBlock`, up to and with `toBlock`, went.
   *
   * @returns `{ issued, paid, ownerCut, burned, recycled, remainder, pending }`; pending is how much more is pending
   *   at the end than was at the beginning, which is negative where an epoch paid out more than accrued
   */
  localnet_emission: unsafeMethod([netuid, blockNumber, blockNumber], ({ node }, ...args) => emission(node, ...args)),
}
