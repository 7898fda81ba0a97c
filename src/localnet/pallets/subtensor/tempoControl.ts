import { type BlockContext, call } from '../../pallet.ts'
import { netUid } from '../../scale/chainTypes.ts'
import { u16, u32 } from '../../scale/types.ts'
import { blocksUntilEpoch } from './epochTiming.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import {
  type LimitedChange,
  recordChange,
  requireOpenWindow,
  requireOwner,
  requireOwnerOrRoot,
  requireRateLimit,
} from './ownerLimits.ts'
import { storage } from './storage.ts'

/** Bounds of what a subnet's owner may set; root may set any tempo. */
export const tempoBounds = { least: 360, most: 50_400 } as const
export const activityCutoffFactorBounds = { least: 1000, most: 50_000 } as const

/** Sets the tempo and starts the epoch cycle anew. */
export function applyTempo(context: BlockContext, netuid: number, tempo: number): void {
  context.state.set(storage.Tempo, [netuid], tempo)
  context.emit(events.TempoSet, { 0: netuid, 1: tempo })
  context.state.set(storage.LastEpochBlock, [netuid], BigInt(context.block))
}

const tempoChange: LimitedChange = { kind: 'transaction', type: 'TempoUpdate' }
const cutoffChange: LimitedChange = { kind: 'hyperparameter', parameter: { type: 'ActivityCutoffFactorMilli' } }
const triggerChange: LimitedChange = { kind: 'hyperparameter', parameter: { type: 'TriggerEpoch' } }

function isWithin(value: number, { least, most }: { least: number; most: number }): boolean {
  return value >= least && value <= most
}

/** @see facts: subtensor-chain.md, (d) owner calls [423+] */
export const tempoCalls = {
  set_tempo: call(139, { netuid: netUid, tempo: u16 }, (context, { netuid, tempo }) => {
    const owner = requireOwner(context, netuid)
    if (!isWithin(tempo, tempoBounds)) throw errors.TempoOutOfBounds()
    requireOpenWindow(context, netuid)
    requireRateLimit(context, owner, netuid, tempoChange)
    applyTempo(context, netuid, tempo)
    recordChange(context, owner, netuid, tempoChange)
  }),
  /** Root is bound neither by the freeze window nor by the rate limit. */
  set_activity_cutoff_factor: call(140, { netuid: netUid, factor_milli: u32 }, (context, { netuid, factor_milli }) => {
    const owner = requireOwnerOrRoot(context, netuid)
    if (!isWithin(factor_milli, activityCutoffFactorBounds)) throw errors.ActivityCutoffFactorMilliOutOfBounds()
    if (owner !== undefined) {
      requireOpenWindow(context, netuid)
      requireRateLimit(context, owner, netuid, cutoffChange)
    }
    context.state.set(storage.ActivityCutoffFactorMilli, [netuid], factor_milli)
    context.emit(events.ActivityCutoffFactorMilliSet, { netuid, factor_milli })
    recordChange(context, owner, netuid, cutoffChange)
  }),
  /** Schedules one epoch ahead of time; the freeze window is closed until it runs. */
  trigger_epoch: call(141, { netuid: netUid }, (context, { netuid }) => {
    const { state, block } = context
    const owner = requireOwner(context, netuid)
    if (state.get(storage.CommitRevealWeightsEnabled, netuid)) throw errors.DynamicTempoBlockedByCommitReveal()
    if (state.get(storage.PendingEpochAt, netuid) !== 0n) throw errors.EpochTriggerAlreadyPending()
    const window = BigInt(state.get(storage.AdminFreezeWindow))
    const remaining = blocksUntilEpoch(state, netuid, block)
    if (remaining !== undefined && remaining < window) throw errors.AutoEpochAlreadyImminent()
    requireRateLimit(context, owner, netuid, triggerChange)
    const firesAt = BigInt(block) + window
    state.set(storage.PendingEpochAt, [netuid], firesAt)
    recordChange(context, owner, netuid, triggerChange)
    context.emit(events.EpochTriggered, { netuid, by: owner, fires_at: firesAt })
  }),
}
