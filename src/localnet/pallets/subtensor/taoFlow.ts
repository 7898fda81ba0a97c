import { convertFixed, i64f64, larger, smaller, u64f64, u96f32 } from '../../../fixed/fixedFormat.ts'
import type { BlockContext } from '../../pallet.ts'
import { storage393 } from './release393.ts'
import { storage } from './storage.ts'

const smoothingScale = (1n << 63n) - 1n

/**
 * TAO of one block for each emitting subnet, by the average of the TAO that was staked into it less what was taken out.
 *
 * @param emission TAO of the block, rao
 * @returns raw U96F32 rao, in the order given
 * @see facts: subtensor-chain.md, emission [393]; emission.md, the unused TAO-flow shares
 */
export function taoFlowEmissions(context: BlockContext, netuids: readonly number[], emission: bigint): bigint[] {
  const flows = netuids.map((netuid) => averageFlow(context, netuid))
  const shares = flowShares(flows, context.state.get(storage393.TaoFlowCutoff))
  const total = u64f64.fromInteger(emission)
  return shares.map((share) => convertFixed(u64f64.mul(total, share), u64f64, u96f32))
}

/** Moves the average on by the flow of the last block, and starts that anew. I64F64. */
function averageFlow({ state, block }: BlockContext, netuid: number): bigint {
  const [last, old] = state.get(storage393.SubnetEmaTaoFlow, netuid) ?? [0n, 0n]
  if (last === BigInt(block)) return old
  const flow = i64f64.fromInteger(state.get(storage.SubnetTaoFlow, netuid))
  const smoothing = i64f64.safeDiv(
    i64f64.fromInteger(state.get(storage393.FlowEmaSmoothingFactor)),
    i64f64.fromInteger(smoothingScale),
  )
  const average = i64f64.add(i64f64.mul(i64f64.sub(i64f64.one, smoothing), old), i64f64.mul(smoothing, flow))
  state.set(storage393.SubnetEmaTaoFlow, [netuid], [BigInt(block), average])
  state.set(storage.SubnetTaoFlow, [netuid], 0n)
  return average
}

/** Shares of 1, U64F64: what each average lies above the lowest, or above the cutoff where that is higher. */
export function flowShares(flows: readonly bigint[], cutoff: bigint): bigint[] {
  const lowest = flows.reduce(smaller, 0n)
  const floor = larger(cutoff, lowest)
  const above = flows.map((flow) => (flow > floor ? flow - floor : 0n))
  const sum = above.reduce((total, flow) => total + flow, 0n)
  return above.map((flow) => u64f64.safeDiv(flow, sum))
}
