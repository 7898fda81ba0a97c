import { InputError } from '../../base/errors.ts'
import { maxUpscaleU16 } from '../../yuma/maxUpscale.ts'
import type { LocalNode } from '../node.ts'
import { storageIndex } from '../pallets/subtensor/mechanisms.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { setLastUpdate } from '../pallets/subtensor/uids.ts'
import { requireSubnet } from './requireSubnet.ts'

export interface ForcedWeights {
  readonly netuid: number
  /** The neuron whose weights they are. */
  readonly uid: number
  /** Pairs of uid and weight, 0 to 65535; the largest is scaled up to 65535, as the chain does. */
  readonly weights: readonly (readonly [uid: number, weight: number])[]
  /** Mechanism. Default 0. */
  readonly mecid?: number
}

/**
 * Sets a neuron's weights as if it had just done so: no signature, permit, stake, limit or commit is asked for.
 *
 * @throws InputError for a subnet, mechanism or uid that there is not, or for a uid named twice
 */
export function forceWeights(node: LocalNode, { netuid, uid, weights, mecid = 0 }: ForcedWeights): void {
  requireSubnet(node.headState, netuid)
  node.edit(({ state, block }) => {
    const mechanisms = state.get(storage.MechanismCountCurrent, netuid)
    if (!Number.isInteger(mecid) || mecid < 0 || mecid >= mechanisms) {
      throw new InputError('mecid', mecid, `subnet ${netuid} has ${mechanisms} mechanism(s), counted from 0`)
    }
    const count = state.get(storage.SubnetworkN, netuid)
    const uids = weights.map(([target]) => target)
    const bad = [uid, ...uids].find((one) => !Number.isInteger(one) || one < 0 || one >= count)
    if (bad !== undefined) throw new InputError('uid', bad, `subnet ${netuid} has uids 0 to ${count - 1}`)
    if (new Set(uids).size !== uids.length) throw new InputError('weights', weights, 'name each uid once')
    const values = weights.map(([, weight]) => weight)
    const wrong = values.find((value) => !Number.isInteger(value) || value < 0 || value > 65_535)
    if (wrong !== undefined) throw new InputError('weight', wrong, 'give a whole number from 0 to 65535')
    const scaled = maxUpscaleU16(values)
    const index = storageIndex(netuid, mecid)
    state.set(
      storage.Weights,
      [index, uid],
      uids.map((target, i): [number, number] => [target, scaled[i]!]),
    )
    setLastUpdate(state, index, uid, block)
  })
}
