import { type BlockContext, DispatchFailure } from '../../pallet.ts'
import { type AccountId, accountId } from '../../scale/chainTypes.ts'
import { ScaleError, ScaleReader } from '../../scale/io.ts'
import { bytes, decodeStorage, struct, u16, u64, type ValueOf, vec } from '../../scale/types.ts'
import { decodeKey } from '../../state.ts'
import { openWithPulse } from '../drand/openWithPulse.ts'
import { storage as drand } from '../drand/storage.ts'
import type { Pulse } from '../drand/types.ts'
import { dueEpochs, epochIndexAt } from './epochTiming.ts'
import { events } from './events.ts'
import { netuidOf, storageIndices, subnetsBesideRoot } from './mechanisms.ts'
import { storeWeights } from './setWeights.ts'
import { storage } from './storage.ts'

const legacyPayload = struct('LegacyWeightsTlockPayload', { uids: vec(u16), values: vec(u16), version_key: u64 })
const payload = struct('WeightsTlockPayload', { hotkey: bytes, uids: vec(u16), values: vec(u16), version_key: u64 })

type Weights = ValueOf<typeof legacyPayload>

/**
 * Opens the commits whose epoch of reveal this is, on all subnets, and sets their weights. One whose round has no pulse
 * yet waits for it as long as that epoch lasts; one that cannot be opened or set is dropped without a word. Where the
 * epoch itself has to wait a block, so does everything.
 *
 * @see facts: subtensor-chain.md, (d) timelocked commit-reveal; commit-reveal.md, 4.6
 */
export function revealTimelockedCommits(context: BlockContext): void {
  const { state } = context
  const keys = state.keysRaw(storage.TimelockedWeightCommits.prefix)
  if (keys.length === 0) return
  const { deferred } = dueEpochs(state, subnetsBesideRoot(state), context.block)
  for (const key of keys) {
    const [index, committed] = decodeKey(storage.TimelockedWeightCommits, key)
    const netuid = netuidOf(index)
    if (deferred.includes(netuid) || !storageIndices(state, netuid).includes(index)) continue
    const revealing = epochIndexAt(state, netuid, context.block) - state.get(storage.RevealPeriodEpochs, netuid)
    if (committed < revealing) state.remove(storage.TimelockedWeightCommits, index, committed)
    else if (committed === revealing) revealQueue(context, index, committed)
  }
}

function revealQueue(context: BlockContext, index: number, epoch: bigint): void {
  const { state } = context
  const queue = state.get(storage.TimelockedWeightCommits, index, epoch)
  const waiting = queue.filter((entry) => {
    const [who, , ciphertext, round] = entry
    const pulse = state.get(drand.Pulses, round)
    if (pulse === undefined) return true
    revealOne(context, index, who, openWeights(ciphertext, pulse, who))
    return false
  })
  if (waiting.length === queue.length) return
  if (waiting.length === 0) state.remove(storage.TimelockedWeightCommits, index, epoch)
  else state.set(storage.TimelockedWeightCommits, [index, epoch], waiting)
}

function revealOne(context: BlockContext, index: number, who: AccountId, weights: Weights | undefined): void {
  if (weights === undefined) return
  const { uids, values, version_key: versionKey } = weights
  const netuid = netuidOf(index)
  try {
    const origin = { kind: 'signed', account: who } as const
    storeWeights({ ...context, origin }, { netuid, mecid: Math.floor(index / 4096), uids, values, versionKey })
  } catch (error) {
    if (error instanceof DispatchFailure) return
    throw error
  }
  context.emit(events.TimelockedWeightsRevealed, { 0: index, 1: who })
}

/** @returns `undefined` for what does not open, is no payload, or names another hotkey */
function openWeights(ciphertext: Uint8Array, pulse: Pulse, who: AccountId): Weights | undefined {
  const message = openWithPulse(ciphertext, pulse)
  if (message === undefined) return undefined
  const weights = attempt(() => decodeStorage(payload, message))
  const hotkey = weights === undefined ? undefined : attempt(() => accountId.decode(new ScaleReader(weights.hotkey)))
  // A payload from before it named its hotkey is read as one where the newer form does not fit.
  if (hotkey === undefined) return attempt(() => decodeStorage(legacyPayload, message))
  return hotkey === who ? weights : undefined
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof ScaleError) return undefined
    throw error
  }
}
