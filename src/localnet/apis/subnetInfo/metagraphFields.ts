import { storage } from '../../pallets/subtensor/storage.ts'
import { subnetName } from '../../pallets/subtensor/subnetName.ts'
import { i96f32, subnetIdentity } from '../../pallets/subtensor/types.ts'
import { accountId, alphaBalance, netUid, taoBalance } from '../../scale/chainTypes.ts'
import { bool, compact, option, type ScaleType, u16, u64, u128 } from '../../scale/types.ts'
import type { StorageItem } from '../../storage.ts'
import { compactBytes } from './compactBytes.ts'
import { activityCutoff, alphaBounds, weightsLimit } from './hyperparameters.ts'
import { field, type MetagraphField } from './metagraphField.ts'
import { neuronFields } from './neuronFields.ts'

/** A field that is a storage item of the subnet as it stands. */
function stored<V>(type: ScaleType<V>, item: StorageItem<[number], V>): MetagraphField<V> {
  return field(type, ({ state, netuid }) => state.get(item, netuid))
}

const short = compact(u16)
const long = compact(u64)
const alpha = compact(alphaBalance)
const rao = compact(taoBalance)

/** What the subnet is and where it stands; the order is the chain's. */
const subnetFields = {
  // A mechanism's metagraph carries its storage index here.
  netuid: field(compact(netUid), ({ index }) => index),
  name: field(compactBytes, ({ state, netuid }) => subnetName(state, netuid)),
  symbol: stored(compactBytes, storage.TokenSymbol),
  identity: field(option(subnetIdentity), ({ state, netuid }) => state.get(storage.SubnetIdentitiesV3, netuid)),
  network_registered_at: stored(long, storage.NetworkRegisteredAt),
  owner_hotkey: stored(accountId, storage.SubnetOwnerHotkey),
  owner_coldkey: stored(accountId, storage.SubnetOwner),
  block: field(long, ({ block }) => block),
  tempo: stored(short, storage.Tempo),
  last_step: stored(long, storage.LastMechansimStepBlock),
  blocks_since_last_step: field(long, ({ state, netuid, block }) => {
    const last = state.get(storage.LastMechansimStepBlock, netuid)
    return block > last ? block - last : 0n
  }),
  // Filled no longer.
  subnet_emission: field(long, () => 0n),
  alpha_in: stored(alpha, storage.SubnetAlphaIn),
  alpha_out: stored(alpha, storage.SubnetAlphaOut),
  tao_in: stored(rao, storage.SubnetTAO),
  alpha_out_emission: stored(alpha, storage.SubnetAlphaOutEmission),
  alpha_in_emission: stored(alpha, storage.SubnetAlphaInEmission),
  tao_in_emission: stored(rao, storage.SubnetTaoInEmission),
  pending_alpha_emission: field(alpha, ({ state, netuid }) => {
    return state.get(storage.PendingValidatorEmission, netuid) + state.get(storage.PendingServerEmission, netuid)
  }),
  // Filled no longer.
  pending_root_emission: field(rao, () => 0n),
  subnet_volume: stored(compact(u128), storage.SubnetVolume),
  moving_price: stored(i96f32, storage.SubnetMovingPrice),
}

const parameterFields = {
  rho: stored(short, storage.Rho),
  kappa: stored(short, storage.Kappa),
  min_allowed_weights: stored(short, storage.MinAllowedWeights),
  max_weights_limit: field(short, () => weightsLimit),
  weights_version: stored(long, storage.WeightsVersionKey),
  weights_rate_limit: stored(long, storage.WeightsSetRateLimit),
  activity_cutoff: field(long, ({ state, netuid }) => activityCutoff(state, netuid)),
  max_validators: stored(short, storage.MaxAllowedValidators),
  num_uids: stored(short, storage.SubnetworkN),
  max_uids: stored(short, storage.MaxAllowedUids),
  burn: stored(rao, storage.Burn),
  difficulty: stored(long, storage.Difficulty),
  registration_allowed: stored(bool, storage.NetworkRegistrationAllowed),
  pow_registration_allowed: stored(bool, storage.NetworkPowRegistrationAllowed),
  immunity_period: stored(short, storage.ImmunityPeriod),
  min_difficulty: stored(long, storage.MinDifficulty),
  max_difficulty: stored(long, storage.MaxDifficulty),
  min_burn: stored(rao, storage.MinBurn),
  max_burn: stored(rao, storage.MaxBurn),
  adjustment_alpha: stored(long, storage.AdjustmentAlpha),
  adjustment_interval: stored(short, storage.AdjustmentInterval),
  target_regs_per_interval: stored(short, storage.TargetRegistrationsPerInterval),
  max_regs_per_block: stored(short, storage.MaxRegistrationsPerBlock),
  serving_rate_limit: stored(long, storage.ServingRateLimit),
  commit_reveal_weights_enabled: stored(bool, storage.CommitRevealWeightsEnabled),
  commit_reveal_period: stored(long, storage.RevealPeriodEpochs),
  liquid_alpha_enabled: stored(bool, storage.LiquidAlphaOn),
  alpha_high: field(short, ({ state, netuid }) => alphaBounds(state, netuid).high),
  alpha_low: field(short, ({ state, netuid }) => alphaBounds(state, netuid).low),
  bonds_moving_avg: stored(long, storage.BondsMovingAverage),
}

/**
 * All fields of the metagraph in SCALE order. A field's place here is its number in a selective metagraph.
 *
 * @see facts: subtensor-chain.md, (b) Metagraph
 */
export const metagraphFields = { ...subnetFields, ...parameterFields, ...neuronFields }
