import { maxUpscaleU16 } from '../../../yuma/maxUpscale.ts'
import { type CallContext, call, signer } from '../../pallet.ts'
import { mechId, netUid } from '../../scale/chainTypes.ts'
import { compact, tuple, u16, u64, vec } from '../../scale/types.ts'
import { runBatch } from './batch.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { storageIndex } from './mechanisms.ts'
import { storage } from './storage.ts'
import { setLastUpdate } from './uids.ts'
import { checkWeights, type WeightsCall } from './weightChecks.ts'

/** Checks and stores a neuron's weights. Under commit-reveal the commit has already counted as the update. */
export function storeWeights(context: CallContext, weights: WeightsCall): void {
  const { state, block } = context
  const uid = checkWeights(context, signer(context), weights)
  const index = storageIndex(weights.netuid, weights.mecid)
  const values = maxUpscaleU16(weights.values)
  state.set(
    storage.Weights,
    [index, uid],
    weights.uids.map((target, i) => [target, values[i]!]),
  )
  if (!state.get(storage.CommitRevealWeightsEnabled, weights.netuid)) setLastUpdate(state, index, uid, block)
  context.emit(events.WeightsSet, { 0: index, 1: uid })
}

function setDirectly(context: CallContext, weights: WeightsCall): void {
  if (context.state.get(storage.CommitRevealWeightsEnabled, weights.netuid)) throw errors.CommitRevealEnabled()
  storeWeights(context, weights)
}

const free = { pays: 'No' } as const
const weightFields = { dests: vec(u16), weights: vec(u16), version_key: u64 } as const

export const setWeightsCalls = {
  set_weights: call(
    0,
    { netuid: netUid, ...weightFields },
    (context, { netuid, dests, weights, version_key }) => {
      setDirectly(context, { netuid, mecid: 0, uids: dests, values: weights, versionKey: version_key })
    },
    free,
  ),
  set_mechanism_weights: call(
    119,
    { netuid: netUid, mecid: mechId, ...weightFields },
    (context, { netuid, mecid, dests, weights, version_key }) => {
      setDirectly(context, { netuid, mecid, uids: dests, values: weights, versionKey: version_key })
    },
    free,
  ),
  batch_set_weights: call(
    80,
    {
      netuids: vec(compact(netUid)),
      weights: vec(vec(tuple(compact(u16), compact(u16)))),
      version_keys: vec(compact(u64)),
    },
    (context, { netuids, weights, version_keys }) => {
      const hotkey = signer(context)
      if (netuids.length !== weights.length || netuids.length !== version_keys.length) {
        throw errors.InputLengthsUnequal()
      }
      runBatch(context, hotkey, netuids, (netuid, i) => {
        setDirectly(context, {
          netuid,
          mecid: 0,
          uids: weights[i]!.map(([uid]) => uid),
          values: weights[i]!.map(([, value]) => value),
          versionKey: version_keys[i]!,
        })
      })
    },
    free,
  ),
}
