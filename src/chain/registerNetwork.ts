import type { Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { readMany } from './readMany.ts'
import { type Submitted, submit } from './submit.ts'
import { asBigint, asNumber } from './values.ts'

/**
 * Creates a subnet. The coldkey locks the cost (see `getNetworkCost`) and becomes the owner; the hotkey gets uid 0.
 *
 * @returns the netuid that the chain gave
 */
export async function registerNetwork(
  chain: Chain,
  options: { signer: Signer; hotkey: string },
): Promise<Submitted & { readonly netuid: number }> {
  const call = composeCall(chain, 'SubtensorModule', 'register_network', [options.hotkey])
  const submitted = await submit(chain, call, { signer: options.signer })
  const added = submitted.events.find(({ event }) => event.method === 'NetworkAdded')
  if (added === undefined) {
    throw new ChainError('register_network: the chain queued the registration instead of adding the subnet', {
      code: 'not-found',
      what: 'event NetworkAdded',
    })
  }
  return { ...submitted, netuid: asNumber(added.event.data[0]) }
}

/** What `register_network` would cost in the next block, in rao. @see facts: subtensor-chain.md, lock cost */
export async function getNetworkCost(chain: Chain): Promise<Rao> {
  const names = ['NetworkMinLockCost', 'NetworkLastLockCost', 'NetworkLockReductionInterval', 'BlockEmission']
  const [min, last, interval, emission, number, lastBlock] = await readMany(chain, [
    ...names.map((item) => ({ pallet: 'SubtensorModule', item })),
    { pallet: 'System', item: 'Number' },
    { pallet: 'SubtensorModule', item: 'LastRateLimitedBlock', keys: ['NetworkLastRegistered'] },
  ])
  const registeredAt = asBigint(lastBlock)
  const blocks = (asBigint(interval) * asBigint(emission)) / 1_000_000_000n
  const decay = blocks === 0n ? 0n : (asBigint(last) / blocks) * (asBigint(number) - registeredAt)
  const grown = asBigint(last) * (registeredAt === 0n ? 1n : 2n)
  const cost = grown > decay ? grown - decay : 0n
  return (cost > asBigint(min) ? cost : asBigint(min)) as Rao
}
