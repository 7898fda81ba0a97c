import type { State } from '../../state.ts'
import { subnetsBesideRoot } from './mechanisms.ts'
import { movingPriceOf } from './movingPriceOf.ts'
import { storage } from './storage.ts'

/**
 * The subnet that gives way when another one is registered and all places are taken: of those past their immunity the
 * one with the lowest moving price, of equals the one registered first.
 *
 * @returns its netuid; `undefined` while all are immune
 * @see facts: subtensor-chain.md, (d) register_network, prune candidate
 */
export function subnetToPrune(state: State, block: number): number | undefined {
  const immunity = state.get(storage.NetworkImmunityPeriod)
  let weakest: { netuid: number; price: bigint; registered: bigint } | undefined
  for (const netuid of subnetsBesideRoot(state)) {
    const registered = state.get(storage.NetworkRegisteredAt, netuid)
    if (BigInt(block) < registered + immunity) continue
    const price = movingPriceOf(state, netuid)
    const isWeaker =
      weakest === undefined || price < weakest.price || (price === weakest.price && registered < weakest.registered)
    if (isWeaker) weakest = { netuid, price, registered }
  }
  return weakest?.netuid
}
