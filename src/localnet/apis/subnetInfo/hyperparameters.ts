import { activityCutoffBlocks } from '../../../yuma/activity.ts'
import { subnetExists } from '../../pallets/subtensor/mechanisms.ts'
import { storage } from '../../pallets/subtensor/storage.ts'
import { i32f32 } from '../../pallets/subtensor/types.ts'
import { taoBalance } from '../../scale/chainTypes.ts'
import { bool, compact, struct, u16, u64, type ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'

/** What every API answers for MaxWeightsLimit: weights are limited no longer, whatever storage says. */
export const weightsLimit = 65_535

const firstFields = {
  rho: compact(u16),
  kappa: compact(u16),
  immunity_period: compact(u16),
  min_allowed_weights: compact(u16),
  max_weights_limit: compact(u16),
  tempo: compact(u16),
  min_difficulty: compact(u64),
  max_difficulty: compact(u64),
  weights_version: compact(u64),
  weights_rate_limit: compact(u64),
  adjustment_interval: compact(u16),
  activity_cutoff: compact(u64),
  registration_allowed: bool,
  target_regs_per_interval: compact(u16),
  min_burn: compact(taoBalance),
  max_burn: compact(taoBalance),
  bonds_moving_avg: compact(u64),
  max_regs_per_block: compact(u16),
  serving_rate_limit: compact(u64),
  max_validators: compact(u16),
  adjustment_alpha: compact(u64),
  difficulty: compact(u64),
  commit_reveal_period: compact(u64),
  commit_reveal_weights_enabled: bool,
  alpha_high: compact(u16),
  alpha_low: compact(u16),
  liquid_alpha_enabled: bool,
}

export const subnetHyperparams = struct('pallet_subtensor::rpc_info::subnet_info::SubnetHyperparams', firstFields)

export const subnetHyperparamsV2 = struct('pallet_subtensor::rpc_info::subnet_info::SubnetHyperparamsV2', {
  ...firstFields,
  alpha_sigmoid_steepness: i32f32,
  yuma_version: compact(u16),
  subnet_is_active: bool,
  transfers_enabled: bool,
  bonds_reset_enabled: bool,
  user_liquidity_enabled: bool,
})

/** Blocks after which a uid that sets no weights counts as inactive; the stored `ActivityCutoff` is read no longer, but by release 393. */
export function activityCutoff(state: State, netuid: number): bigint {
  if (state.face.rules.activity === 'blocks') return BigInt(state.get(storage.ActivityCutoff, netuid))
  const factor = state.get(storage.ActivityCutoffFactorMilli, netuid)
  return BigInt(activityCutoffBlocks(factor, state.get(storage.Tempo, netuid)))
}

/** Bounds of liquid alpha in parts of 65535. */
export function alphaBounds(state: State, netuid: number): { readonly low: number; readonly high: number } {
  const [low, high] = state.get(storage.AlphaValues, netuid)
  return { low: low!, high: high! }
}

/**
 * All parameters of the fixed-shape APIs, under their names there. `undefined` for a subnet that does not exist.
 *
 * The steepness is the stored integer as I32F32: SDK 11 takes its integer part for what the setter takes. (The facts
 * page says a hundredth of it; the epoch does divide by 100.)
 */
export function readHyperparameters(state: State, netuid: number): ValueOf<typeof subnetHyperparamsV2> | undefined {
  if (!subnetExists(state, netuid)) return undefined
  const { low, high } = alphaBounds(state, netuid)
  return {
    rho: state.get(storage.Rho, netuid),
    kappa: state.get(storage.Kappa, netuid),
    immunity_period: state.get(storage.ImmunityPeriod, netuid),
    min_allowed_weights: state.get(storage.MinAllowedWeights, netuid),
    max_weights_limit: weightsLimit,
    tempo: state.get(storage.Tempo, netuid),
    min_difficulty: state.get(storage.MinDifficulty, netuid),
    max_difficulty: state.get(storage.MaxDifficulty, netuid),
    weights_version: state.get(storage.WeightsVersionKey, netuid),
    weights_rate_limit: state.get(storage.WeightsSetRateLimit, netuid),
    adjustment_interval: state.get(storage.AdjustmentInterval, netuid),
    activity_cutoff: activityCutoff(state, netuid),
    registration_allowed: state.get(storage.NetworkRegistrationAllowed, netuid),
    target_regs_per_interval: state.get(storage.TargetRegistrationsPerInterval, netuid),
    min_burn: state.get(storage.MinBurn, netuid),
    max_burn: state.get(storage.MaxBurn, netuid),
    bonds_moving_avg: state.get(storage.BondsMovingAverage, netuid),
    max_regs_per_block: state.get(storage.MaxRegistrationsPerBlock, netuid),
    serving_rate_limit: state.get(storage.ServingRateLimit, netuid),
    max_validators: state.get(storage.MaxAllowedValidators, netuid),
    adjustment_alpha: state.get(storage.AdjustmentAlpha, netuid),
    difficulty: state.get(storage.Difficulty, netuid),
    commit_reveal_period: state.get(storage.RevealPeriodEpochs, netuid),
    commit_reveal_weights_enabled: state.get(storage.CommitRevealWeightsEnabled, netuid),
    alpha_high: high,
    alpha_low: low,
    liquid_alpha_enabled: state.get(storage.LiquidAlphaOn, netuid),
    alpha_sigmoid_steepness: BigInt(state.get(storage.AlphaSigmoidSteepness, netuid)) << 32n,
    yuma_version: state.get(storage.Yuma3On, netuid) ? 3 : 2,
    subnet_is_active: state.get(storage.SubtokenEnabled, netuid),
    transfers_enabled: state.get(storage.TransferToggle, netuid),
    bonds_reset_enabled: state.get(storage.BondsResetOn, netuid),
    // User liquidity went with the old pools.
    user_liquidity_enabled: false,
  }
}
