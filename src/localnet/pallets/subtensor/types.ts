import { accountId, netUid } from '../../scale/chainTypes.ts'
import { boundedBytes, bTreeMap, bTreeSet } from '../../scale/collections.ts'
import {
  bytes,
  i64,
  i128,
  type ScaleType,
  type Shape,
  struct,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
  unit,
  variant,
  variantCase,
  vec,
  withParameters,
} from '../../scale/types.ts'

/** Stands for the number of fractional bits, which metadata carries as a type. */
function fractionalBits(count: 32 | 64): ScaleType<undefined> {
  const shape: Shape = { kind: 'composite', path: ['typenum', 'consts', `U${count}`], fields: [] }
  return { ...unit, shape }
}

/** A fixed-point number; its value is the bit pattern, `raw / 2^fraction`. */
function fixedPoint(path: string, bits: ScaleType<bigint>, fraction: 32 | 64): ScaleType<bigint> {
  const shape: Shape = { kind: 'composite', path: path.split('::'), fields: [{ name: 'bits', type: bits }] }
  return withParameters({ ...bits, shape }, { Frac: fractionalBits(fraction) })
}

export const i32f32 = fixedPoint('substrate_fixed::FixedI64', i64, 32)
export const i96f32 = fixedPoint('substrate_fixed::FixedI128', i128, 32)
export const i64f64 = fixedPoint('substrate_fixed::FixedI128', i128, 64)
export const u96f32 = fixedPoint('substrate_fixed::FixedU128', u128, 32)
export const u64f64 = fixedPoint('substrate_fixed::FixedU128', u128, 64)

/** `mantissa × 10^exponent`. @see facts: emission.md, 7.4 */
export const safeFloat = struct('share_pool::SafeFloat', { mantissa: u128, exponent: i64 })
export type SafeFloatValue = { mantissa: bigint; exponent: bigint }

/** (proportion of 2^64 − 1, key) */
export const keyShares = vec(tuple(u64, accountId))

/** netuid → alpha per root TAO. */
export const claimableRates = bTreeMap(netUid, i96f32)

export const axonInfo = struct('pallet_subtensor::pallet::AxonInfo', {
  block: u64,
  version: u32,
  ip: u128,
  port: u16,
  ip_type: u8,
  protocol: u8,
  placeholder1: u8,
  placeholder2: u8,
})

export const prometheusInfo = struct('pallet_subtensor::pallet::PrometheusInfo', {
  block: u64,
  version: u32,
  ip: u128,
  port: u16,
  ip_type: u8,
})

export const neuronCertificate = struct('pallet_subtensor::pallet::NeuronCertificate', {
  public_key: boundedBytes(u8, 64),
  algorithm: u8,
})

export const chainIdentityFields = {
  name: bytes,
  url: bytes,
  github_repo: bytes,
  image: bytes,
  discord: bytes,
  description: bytes,
  additional: bytes,
} as const

export const chainIdentity = struct('pallet_subtensor::pallet::ChainIdentityV2', chainIdentityFields)

export const subnetIdentityFields = {
  subnet_name: bytes,
  github_repo: bytes,
  subnet_contact: bytes,
  subnet_url: bytes,
  discord: bytes,
  description: bytes,
  logo_url: bytes,
  additional: bytes,
} as const

export const subnetIdentity = struct('pallet_subtensor::pallet::SubnetIdentityV3', subnetIdentityFields)

export const recycleOrBurn = variant('pallet_subtensor::pallet::RecycleOrBurnEnum', {
  Burn: variantCase(0, {}),
  Recycle: variantCase(1, {}),
})

export const rootClaimType = variant('pallet_subtensor::pallet::RootClaimTypeEnum', {
  Swap: variantCase(0, {}),
  Keep: variantCase(1, {}),
  KeepSubnets: variantCase(2, { subnets: bTreeSet(netUid) }),
})

/** What an owner's change of a hyperparameter is rate limited by. */
export const hyperparameter = variant('pallet_subtensor::utils::rate_limiting::Hyperparameter', {
  Unknown: variantCase(0, {}),
  ServingRateLimit: variantCase(1, {}),
  MaxDifficulty: variantCase(2, {}),
  AdjustmentAlpha: variantCase(3, {}),
  MaxWeightLimit: variantCase(4, {}),
  ImmunityPeriod: variantCase(5, {}),
  MinAllowedWeights: variantCase(6, {}),
  Kappa: variantCase(7, {}),
  Rho: variantCase(8, {}),
  ActivityCutoff: variantCase(9, {}),
  PowRegistrationAllowed: variantCase(10, {}),
  MinBurn: variantCase(11, {}),
  MaxBurn: variantCase(12, {}),
  BondsMovingAverage: variantCase(13, {}),
  BondsPenalty: variantCase(14, {}),
  CommitRevealEnabled: variantCase(15, {}),
  LiquidAlphaEnabled: variantCase(16, {}),
  AlphaValues: variantCase(17, {}),
  WeightCommitInterval: variantCase(18, {}),
  TransferEnabled: variantCase(19, {}),
  AlphaSigmoidSteepness: variantCase(20, {}),
  Yuma3Enabled: variantCase(21, {}),
  BondsResetEnabled: variantCase(22, {}),
  ImmuneNeuronLimit: variantCase(23, {}),
  RecycleOrBurn: variantCase(24, {}),
  MaxAllowedUids: variantCase(25, {}),
  BurnHalfLife: variantCase(26, {}),
  BurnIncreaseMult: variantCase(27, {}),
  SubnetEmissionEnabled: variantCase(28, {}),
  MinChildkeyTake: variantCase(29, {}),
  ActivityCutoffFactorMilli: variantCase(30, {}),
  TriggerEpoch: variantCase(31, {}),
})

export const rateLimitKey = variant('pallet_subtensor::RateLimitKey', {
  SetSNOwnerHotkey: variantCase(0, { 0: netUid }),
  OwnerHyperparamUpdate: variantCase(1, { 0: netUid, 1: hyperparameter }),
  NetworkLastRegistered: variantCase(2, {}),
  LastTxBlock: variantCase(3, { 0: accountId }),
  LastTxBlockChildKeyTake: variantCase(4, { 0: accountId }),
  LastTxBlockDelegateTake: variantCase(5, { 0: accountId }),
  AddStakeBurn: variantCase(6, { 0: netUid }),
})
