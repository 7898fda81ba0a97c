import { blockEmission } from '../../../yuma/blockEmission.ts'
import type { State } from '../../state.ts'
import { storage } from './storage.ts'

const tao = 1_000_000_000n

/** Blocks over which the price of a subnet falls by the last price paid; shorter after each halving of emission. */
function reductionInterval(state: State): bigint {
  const emission = blockEmission(state.get(storage.TotalIssuance))
  const halving = (emission << 64n) / tao
  return (state.get(storage.NetworkLockReductionInterval) * halving) >> 64n
}

/** Block of the last network registration, 0 = never. */
export function lastNetworkBlock(state: State): bigint {
  return state.get(storage.LastRateLimitedBlock, { type: 'NetworkLastRegistered' })
}

/**
 * What registering a subnet costs in `block`, in rao: twice the last price right after it was paid, then falling.
 *
 * @see facts: subtensor-chain.md, (d) register_network, lock cost
 */
export function networkLockCost(state: State, block: number): bigint {
  const last = state.get(storage.NetworkLastLockCost)
  const lastBlock = lastNetworkBlock(state)
  const interval = reductionInterval(state)
  const step = interval === 0n ? 0n : last / interval
  const cost = last * (lastBlock === 0n ? 1n : 2n) - step * (BigInt(block) - lastBlock)
  const least = state.get(storage.NetworkMinLockCost)
  return cost < least ? least : cost
}
