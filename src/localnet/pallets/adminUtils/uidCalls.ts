import { type BlockContext, call, requireRoot } from '../../pallet.ts'
import { mechId, netUid } from '../../scale/chainTypes.ts'
import { option, u16, vec } from '../../scale/types.ts'
import { errors as subtensorErrors } from '../subtensor/errors.ts'
import { storageIndex } from '../subtensor/mechanisms.ts'
import { storage } from '../subtensor/storage.ts'
import { subnetParameters } from '../subtensor/subnetParameters.ts'
import { trimUids } from '../subtensor/trimUids.ts'
import { errors } from './errors.ts'
import { changeAsOwner, ownerSetting, parameterChange, rootSetting } from './setting.ts'

const mostUids = 256
const mostMechanisms = 16
const wholeSplit = 65_535

/** Uids of all mechanisms together are bounded, so that state stays bounded. */
function requireRoomForUids(uids: number, mechanisms: number): void {
  if (uids * mechanisms > mostUids) throw subtensorErrors.TooManyUIDsPerMechanism()
}

function forgetMechanism({ state }: BlockContext, netuid: number, mecid: number): void {
  const index = storageIndex(netuid, mecid)
  state.removePrefix(storage.Weights, index)
  state.removePrefix(storage.Bonds, index)
  state.removePrefix(storage.WeightCommits, index)
  state.removePrefix(storage.TimelockedWeightCommits, index)
  state.remove(storage.Incentive, index)
  state.remove(storage.LastUpdate, index)
}

/** A changed count makes the split even again. */
function setMechanismCount(context: BlockContext, netuid: number, count: number): void {
  const { state } = context
  const limit = Math.min(state.get(storage.MaxMechanismCount), mostMechanisms)
  if (count < 1 || count > limit) throw subtensorErrors.InvalidValue()
  requireRoomForUids(state.get(storage.MaxAllowedUids, netuid), count)
  const old = state.get(storage.MechanismCountCurrent, netuid)
  if (count === old) return
  for (let mecid = count; mecid < old; mecid++) forgetMechanism(context, netuid, mecid)
  state.set(storage.MechanismCountCurrent, [netuid], count)
  state.remove(storage.MechanismEmissionSplit, netuid)
}

/** How many uids and mechanisms a subnet has. @see facts: subtensor-chain.md, (d) mechanisms, (e) */
export const uidCalls = {
  sudo_set_max_allowed_uids: ownerSetting(
    15,
    'max_allowed_uids',
    u16,
    { kind: 'hyperparameter', parameter: { type: 'MaxAllowedUids' } },
    parameterChange(subnetParameters.MaxAllowedUids, ({ state }, netuid, uids) => {
      if (uids < state.get(storage.MinAllowedUids, netuid)) throw errors.MaxAllowedUidsLessThanMinAllowedUids()
      if (uids < state.get(storage.SubnetworkN, netuid)) throw errors.MaxAllowedUIdsLessThanCurrentUIds()
      if (uids > mostUids) throw errors.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids()
      requireRoomForUids(uids, state.get(storage.MechanismCountCurrent, netuid))
    }),
  ),
  sudo_set_min_allowed_uids: rootSetting(
    79,
    'min_allowed_uids',
    u16,
    'frozen',
    parameterChange(subnetParameters.MinAllowedUids, ({ state }, netuid, uids) => {
      if (uids >= state.get(storage.MaxAllowedUids, netuid)) throw errors.MinAllowedUidsGreaterThanMaxAllowedUids()
      if (uids >= state.get(storage.SubnetworkN, netuid)) throw errors.MinAllowedUidsGreaterThanCurrentUids()
    }),
  ),
  sudo_set_max_allowed_validators: rootSetting(
    25,
    'max_allowed_validators',
    u16,
    'frozen',
    parameterChange(subnetParameters.MaxAllowedValidators, ({ state }, netuid, validators) => {
      if (validators > state.get(storage.MaxAllowedUids, netuid)) throw errors.MaxValidatorsLargerThanMaxUIds()
    }),
  ),
  sudo_set_min_non_immune_uids: rootSetting(
    84,
    'min',
    u16,
    'always',
    parameterChange(subnetParameters.MinNonImmuneUids),
  ),
  sudo_set_mechanism_count: ownerSetting(
    76,
    'mechanism_count',
    mechId,
    { kind: 'transaction', type: 'MechanismCountUpdate' },
    { apply: setMechanismCount },
  ),
  sudo_set_mechanism_emission_split: call(
    77,
    { netuid: netUid, maybe_split: option(vec(u16)) },
    (context, { netuid, maybe_split: split }) => {
      const { state } = context
      changeAsOwner(context, netuid, { kind: 'transaction', type: 'MechanismEmission' }, () => {
        if (split === undefined) {
          state.remove(storage.MechanismEmissionSplit, netuid)
          return
        }
        const sum = split.reduce((a, b) => a + b, 0)
        if (split.length !== state.get(storage.MechanismCountCurrent, netuid) || sum !== wholeSplit) {
          throw subtensorErrors.InvalidValue()
        }
        state.set(storage.MechanismEmissionSplit, [netuid], split)
      })
    },
  ),
  /** Lowers the maximum below the number of neurons, and removes those that are too many. */
  sudo_trim_to_max_allowed_uids: call(78, { netuid: netUid, max_n: u16 }, (context, { netuid, max_n }) => {
    changeAsOwner(context, netuid, { kind: 'transaction', type: 'MaxUidsTrimming' }, () => {
      trimUids(context.state, netuid, max_n, context.block)
    })
  }),
  sudo_set_max_mechanism_count: call(88, { max_mechanism_count: mechId }, (context, { max_mechanism_count }) => {
    requireRoot(context)
    if (max_mechanism_count < 1 || max_mechanism_count > mostMechanisms) throw subtensorErrors.InvalidValue()
    context.state.set(storage.MaxMechanismCount, [], max_mechanism_count)
  }),
}
