import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { parseInterval } from '../interval.ts'
import type { LocalNode } from '../node.ts'
import { pendingTotal } from '../pallets/subtensor/pendingEmission.ts'
import { type Methods, unsafeMethod } from './method.ts'
import { blockNumber } from './params.ts'

const blocks = z.number().int().min(1).max(1_000_000).default(1)
const interval = z.string().transform((text, context) => {
  const parsed = parseInterval(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'give a time such as 250ms or 12s, instant or manual' })
  return z.NEVER
})

const netuid = z.number().int().min(0).max(0xffff)

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
  /** Makes this many blocks at once. @returns number and hash of the last one */
  localnet_mine: unsafeMethod([blocks], ({ node }, count) => node.mine(count)),
  localnet_setInterval: unsafeMethod([interval], ({ node }, wanted) => {
    node.setInterval(wanted)
    return node.info()
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
