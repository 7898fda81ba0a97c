import { call } from '../../pallet.ts'
import { netUid } from '../../scale/chainTypes.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { subnetExists } from './mechanisms.ts'
import { requireOwner } from './ownerLimits.ts'
import { storage } from './storage.ts'

export const startCalls = {
  /** Opens the subnet's token and lets its emission begin with the next block. @see facts: subtensor-chain.md, (d) start_call */
  start_call: call(92, { netuid: netUid }, (context, { netuid }) => {
    const { state } = context
    if (!subnetExists(state, netuid)) throw errors.SubnetNotExists()
    requireOwner(context, netuid)
    if (state.has(storage.FirstEmissionBlockNumber, netuid)) throw errors.FirstEmissionBlockNumberAlreadySet()
    const earliest = state.get(storage.NetworkRegisteredAt, netuid) + state.get(storage.StartCallDelay)
    if (BigInt(context.block) < earliest) throw errors.NeedWaitingMoreBlocksToStarCall()
    const first = BigInt(context.block) + 1n
    state.set(storage.FirstEmissionBlockNumber, [netuid], first)
    state.set(storage.SubtokenEnabled, [netuid], true)
    context.emit(events.FirstEmissionBlockNumberSet, { 0: netuid, 1: first })
  }),
}
