import { perU16, taoBalance } from '../../scale/chainTypes.ts'
import { bool, i16, u16, u64, type ValueOf } from '../../scale/types.ts'
import { maxBurnLowerBound, minBurnUpperBound } from '../subtensor/constants.ts'
import { errors as subtensorErrors } from '../subtensor/errors.ts'
import type { LimitedChange } from '../subtensor/ownerLimits.ts'
import { storage } from '../subtensor/storage.ts'
import { subnetParameters } from '../subtensor/subnetParameters.ts'
import { type hyperparameter, recycleOrBurn, u64f64 } from '../subtensor/types.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { ownerSetting, parameterChange, silentChange } from './setting.ts'

function limited(parameter: ValueOf<typeof hyperparameter>): LimitedChange {
  return { kind: 'hyperparameter', parameter }
}

const ownersMostBondsAverage = 975_000n
const mostRevealPeriod = 100n
const mostImmuneOwnerUids = 10
const mostBurnHalfLife = 36_100
/** U64F64 */
const burnMultiplierBounds = { least: 1n << 64n, most: 3n << 64n }

/** Parameters that a subnet's owner may change. @see facts: subtensor-chain.md, (e) */
export const ownerCalls = {
  sudo_set_serving_rate_limit: ownerSetting(
    3,
    'serving_rate_limit',
    u64,
    limited({ type: 'ServingRateLimit' }),
    parameterChange(subnetParameters.ServingRateLimit),
  ),
  sudo_set_max_difficulty: ownerSetting(
    5,
    'max_difficulty',
    u64,
    limited({ type: 'MaxDifficulty' }),
    parameterChange(subnetParameters.MaxDifficulty),
  ),
  sudo_set_weights_version_key: ownerSetting(
    6,
    'weights_version_key',
    u64,
    { kind: 'transaction', type: 'SetWeightsVersionKey' },
    parameterChange(subnetParameters.WeightsVersionKey),
  ),
  sudo_set_adjustment_alpha: ownerSetting(
    9,
    'adjustment_alpha',
    u64,
    limited({ type: 'AdjustmentAlpha' }),
    parameterChange(subnetParameters.AdjustmentAlpha),
  ),
  sudo_set_immunity_period: ownerSetting(
    13,
    'immunity_period',
    u16,
    limited({ type: 'ImmunityPeriod' }),
    parameterChange(subnetParameters.ImmunityPeriod),
  ),
  sudo_set_min_allowed_weights: ownerSetting(
    14,
    'min_allowed_weights',
    u16,
    limited({ type: 'MinAllowedWeights' }),
    parameterChange(subnetParameters.MinAllowedWeights),
  ),
  sudo_set_rho: ownerSetting(17, 'rho', u16, limited({ type: 'Rho' }), parameterChange(subnetParameters.Rho)),
  sudo_set_activity_cutoff: ownerSetting(
    18,
    'activity_cutoff',
    u16,
    limited({ type: 'ActivityCutoff' }),
    parameterChange(subnetParameters.ActivityCutoff, ({ state }, _netuid, cutoff) => {
      if (cutoff < state.get(storage.MinActivityCutoff)) throw subtensorErrors.ActivityCutoffTooLow()
    }),
  ),
  sudo_set_min_burn: ownerSetting(
    22,
    'min_burn',
    taoBalance,
    limited({ type: 'MinBurn' }),
    parameterChange(subnetParameters.MinBurn, ({ state }, netuid, burn) => {
      if (burn >= minBurnUpperBound || burn >= state.get(storage.MaxBurn, netuid)) throw errors.ValueNotInBounds()
    }),
  ),
  sudo_set_max_burn: ownerSetting(
    23,
    'max_burn',
    taoBalance,
    limited({ type: 'MaxBurn' }),
    parameterChange(subnetParameters.MaxBurn, ({ state }, netuid, burn) => {
      if (burn <= maxBurnLowerBound || burn <= state.get(storage.MinBurn, netuid)) throw errors.ValueNotInBounds()
    }),
  ),
  sudo_set_bonds_moving_average: ownerSetting(
    26,
    'bonds_moving_average',
    u64,
    limited({ type: 'BondsMovingAverage' }),
    parameterChange(subnetParameters.BondsMovingAverage, (_context, _netuid, average, owner) => {
      if (owner !== undefined && average > ownersMostBondsAverage) throw errors.BondsMovingAverageMaxReached()
    }),
  ),
  sudo_set_bonds_penalty: ownerSetting(
    60,
    'bonds_penalty',
    u16,
    limited({ type: 'BondsPenalty' }),
    parameterChange(subnetParameters.BondsPenalty),
  ),
  sudo_set_commit_reveal_weights_enabled: ownerSetting(
    49,
    'enabled',
    bool,
    limited({ type: 'CommitRevealEnabled' }),
    parameterChange(subnetParameters.CommitRevealWeightsEnabled),
  ),
  sudo_set_liquid_alpha_enabled: ownerSetting(
    50,
    'enabled',
    bool,
    limited({ type: 'LiquidAlphaEnabled' }),
    silentChange(storage.LiquidAlphaOn),
  ),
  sudo_set_commit_reveal_weights_interval: ownerSetting(
    57,
    'interval',
    u64,
    limited({ type: 'WeightCommitInterval' }),
    parameterChange(subnetParameters.RevealPeriodEpochs, (_context, _netuid, epochs) => {
      if (epochs > mostRevealPeriod) throw subtensorErrors.RevealPeriodTooLarge()
      if (epochs < 1n) throw subtensorErrors.RevealPeriodTooSmall()
    }),
  ),
  sudo_set_toggle_transfer: ownerSetting(
    61,
    'toggle',
    bool,
    limited({ type: 'TransferEnabled' }),
    parameterChange(subnetParameters.TransferToggle),
  ),
  sudo_set_alpha_sigmoid_steepness: ownerSetting(
    68,
    'steepness',
    i16,
    limited({ type: 'AlphaSigmoidSteepness' }),
    parameterChange(subnetParameters.AlphaSigmoidSteepness, (_context, _netuid, steepness, owner) => {
      if (owner !== undefined && steepness < 0) throw errors.NegativeSigmoidSteepness()
    }),
  ),
  sudo_set_yuma3_enabled: ownerSetting(69, 'enabled', bool, limited({ type: 'Yuma3Enabled' }), {
    apply: (context, netuid, enabled) => {
      context.state.set(storage.Yuma3On, [netuid], enabled)
      context.emit(events.Yuma3EnableToggled, { netuid, enabled })
    },
  }),
  sudo_set_bonds_reset_enabled: ownerSetting(70, 'enabled', bool, limited({ type: 'BondsResetEnabled' }), {
    apply: (context, netuid, enabled) => {
      parameterChange(subnetParameters.BondsResetOn).apply(context, netuid, enabled)
      context.emit(events.BondsResetToggled, { netuid, enabled })
    },
  }),
  sudo_set_owner_immune_neuron_limit: ownerSetting(
    72,
    'immune_neurons',
    u16,
    limited({ type: 'ImmuneNeuronLimit' }),
    silentChange(storage.ImmuneOwnerUidsLimit, (_context, _netuid, count) => {
      if (count < 1 || count > mostImmuneOwnerUids) throw subtensorErrors.InvalidValue()
    }),
  ),
  sudo_set_recycle_or_burn: ownerSetting(
    80,
    'recycle_or_burn',
    recycleOrBurn,
    limited({ type: 'RecycleOrBurn' }),
    silentChange(storage.RecycleOrBurn),
  ),
  sudo_set_burn_half_life: ownerSetting(89, 'burn_half_life', u16, limited({ type: 'BurnHalfLife' }), {
    check: (_context, netuid, blocks) => {
      if (netuid === 0) throw errors.NotPermittedOnRootSubnet()
      if (blocks < 1 || blocks > mostBurnHalfLife) throw errors.InvalidValue()
    },
    apply: (context, netuid, blocks) => {
      context.state.set(storage.BurnHalfLife, [netuid], blocks)
      context.emit(events.BurnHalfLifeSet, { netuid, burn_half_life: blocks })
    },
  }),
  sudo_set_burn_increase_mult: ownerSetting(90, 'burn_increase_mult', u64f64, limited({ type: 'BurnIncreaseMult' }), {
    check: (_context, netuid, multiplier) => {
      if (netuid === 0) throw errors.NotPermittedOnRootSubnet()
      const { least, most } = burnMultiplierBounds
      if (multiplier < least || multiplier > most) throw errors.InvalidValue()
    },
    apply: (context, netuid, multiplier) => {
      context.state.set(storage.BurnIncreaseMult, [netuid], multiplier)
      context.emit(events.BurnIncreaseMultSet, { netuid, burn_increase_mult: multiplier })
    },
  }),
  sudo_set_min_childkey_take_per_subnet: ownerSetting(
    93,
    'take',
    perU16,
    limited({ type: 'MinChildkeyTake' }),
    parameterChange(subnetParameters.MinChildkeyTakePerSubnet, ({ state }, _netuid, take) => {
      if (take > state.get(storage.MaxChildkeyTake)) throw subtensorErrors.InvalidChildkeyTake()
    }),
  ),
  sudo_set_owner_cut_enabled: ownerSetting(
    92,
    'enabled',
    bool,
    undefined,
    silentChange(storage.OwnerCutEnabled, (_context, netuid) => {
      if (netuid === 0) throw errors.NotPermittedOnRootSubnet()
    }),
  ),
}
