import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { requireMechanism, storageIndex } from './mechanisms.ts'
import { stakeWeightOf } from './stakeWeight.ts'
import { storage } from './storage.ts'
import { hotkeyOf, ownerUid } from './uids.ts'

export interface View {
  readonly state: State
  readonly block: number
}

/** Whether a uid may set weights because it is the subnet owner's. */
function isOwnerUid(state: State, netuid: number, uid: number): boolean {
  return state.face.rules.ownerSetsWeights && uid === ownerUid(state, netuid)
}

/** Whether a hotkey has enough stake to set weights; the subnet-owner hotkey needs none. */
export function hasStakeForWeights(state: State, hotkey: AccountId, netuid: number): boolean {
  const uid = state.get(storage.Uids, netuid, hotkey)
  if (uid !== undefined && isOwnerUid(state, netuid, uid)) return true
  return stakeWeightOf(state, hotkey, netuid) >= state.get(storage.StakeThreshold)
}

/** Whether a uid has waited `WeightsSetRateLimit` blocks since it last set or committed weights on this mechanism. */
export function passesWeightsRateLimit({ state, block }: View, netuid: number, mecid: number, uid: number): boolean {
  if (mecid >= state.get(storage.MechanismCountCurrent, netuid)) return false
  const last = state.get(storage.LastUpdate, storageIndex(netuid, mecid))[uid] ?? 0n
  return last === 0n || BigInt(block) - last >= state.get(storage.WeightsSetRateLimit, netuid)
}

export interface WeightsCall {
  readonly netuid: number
  readonly mecid: number
  readonly uids: readonly number[]
  readonly values: readonly number[]
  readonly versionKey: bigint
}

/**
 * Every check of setting weights, in the chain's order.
 *
 * @returns the setter's uid
 * @throws DispatchFailure
 * @see facts: subtensor-chain.md, (d) set_weights
 */
export function checkWeights(view: View, hotkey: AccountId, weights: WeightsCall): number {
  const { state } = view
  const { netuid, mecid, uids, values, versionKey } = weights
  if (netuid === 0) throw errors.CanNotSetRootNetworkWeights()
  if (uids.length !== values.length) throw errors.WeightVecNotEqualSize()
  requireMechanism(state, netuid, mecid)
  const neurons = state.get(storage.SubnetworkN, netuid)
  if (uids.length > neurons) throw errors.UidsLengthExceedUidsInSubNet()
  const uid = state.get(storage.Uids, netuid, hotkey)
  if (uid === undefined) throw errors.HotKeyNotRegisteredInSubNet()
  if (!hasStakeForWeights(state, hotkey, netuid)) throw errors.NotEnoughStakeToSetWeights()
  const requiredKey = state.get(storage.WeightsVersionKey, netuid)
  if (requiredKey !== 0n && versionKey < requiredKey) throw errors.IncorrectWeightVersionKey()
  const isDirect = !state.get(storage.CommitRevealWeightsEnabled, netuid)
  if (isDirect && !passesWeightsRateLimit(view, netuid, mecid, uid)) throw errors.SettingWeightsTooFast()
  const isSelfWeight = values.length === 1 && uids[0] === uid
  const mayValidate = isOwnerUid(state, netuid, uid) || state.get(storage.ValidatorPermit, netuid)[uid] === true
  if (!isSelfWeight && !mayValidate) throw errors.NeuronNoValidatorPermit()
  if (new Set(uids).size !== uids.length) throw errors.DuplicateUids()
  if (uids.some((target) => hotkeyOf(state, netuid, target) === undefined)) throw errors.UidVecContainInvalidOne()
  const least = Math.min(state.get(storage.MinAllowedWeights, netuid), neurons)
  if (!isSelfWeight && values.length < least) throw errors.WeightVecLengthIsLow()
  return uid
}
