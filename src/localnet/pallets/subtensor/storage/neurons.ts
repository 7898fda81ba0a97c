import { defaultBurnMultiplier } from '../../../../yuma/burnPrice.ts'
import {
  accountId,
  alphaBalance,
  netUid,
  netUidStorageIndex,
  taoBalance,
  zeroAccount,
} from '../../../scale/chainTypes.ts'
import { bool, u16, u64, vec } from '../../../scale/types.ts'
import { blake2, identity, map, optionalMap } from '../../../storage.ts'
import { axonInfo, neuronCertificate, prometheusInfo, u64f64 } from '../types.ts'

const none: never[] = []

/** The uids of each subnet, what is known of each neuron, and what a new one costs. */
export const neuronItems = {
  SubnetworkN: map([identity(netUid)], u16, 0),
  Uids: optionalMap([identity(netUid), blake2(accountId)], u16),
  Keys: map([identity(netUid), identity(u16)], accountId, zeroAccount),
  IsNetworkMember: map([blake2(accountId), identity(netUid)], bool, false),
  BlockAtRegistration: map([identity(netUid), identity(u16)], u64, 0n),
  Axons: optionalMap([identity(netUid), blake2(accountId)], axonInfo),
  NeuronCertificates: optionalMap([identity(netUid), blake2(accountId)], neuronCertificate),
  Prometheus: optionalMap([identity(netUid), blake2(accountId)], prometheusInfo),

  // One element per uid. Incentive and LastUpdate are per mechanism.
  StakeWeight: map([identity(netUid)], vec(u16), none),
  Active: map([identity(netUid)], vec(bool), none),
  Consensus: map([identity(netUid)], vec(u16), none),
  Incentive: map([identity(netUidStorageIndex)], vec(u16), none),
  Dividends: map([identity(netUid)], vec(u16), none),
  Emission: map([identity(netUid)], vec(alphaBalance), none),
  LastUpdate: map([identity(netUidStorageIndex)], vec(u64), none),
  ValidatorTrust: map([identity(netUid)], vec(u16), none),
  ValidatorPermit: map([identity(netUid)], vec(bool), none),

  MinAllowedUids: map([identity(netUid)], u16, 64),
  MaxAllowedUids: map([identity(netUid)], u16, 256),
  MaxAllowedValidators: map([identity(netUid)], u16, 128),
  ImmunityPeriod: map([identity(netUid)], u16, 4096),
  ImmuneOwnerUidsLimit: map([identity(netUid)], u16, 1),
  MinNonImmuneUids: map([identity(netUid)], u16, 10),

  NetworkRegistrationAllowed: map([identity(netUid)], bool, true),
  NetworkPowRegistrationAllowed: map([identity(netUid)], bool, true),
  MaxRegistrationsPerBlock: map([identity(netUid)], u16, 1),
  TargetRegistrationsPerInterval: map([identity(netUid)], u16, 2),
  RegistrationsThisBlock: map([identity(netUid)], u16, 0),
  RegistrationsThisInterval: map([identity(netUid)], u16, 0),
  AdjustmentInterval: map([identity(netUid)], u16, 100),
  AdjustmentAlpha: map([identity(netUid)], u64, 0n),
  Difficulty: map([identity(netUid)], u64, 10_000_000n),
  MinDifficulty: map([identity(netUid)], u64, 10_000_000n),
  MaxDifficulty: map([identity(netUid)], u64, (1n << 62n) - 1n),
  Burn: map([identity(netUid)], taoBalance, 100_000_000n),
  MinBurn: map([identity(netUid)], taoBalance, 500_000n),
  MaxBurn: map([identity(netUid)], taoBalance, 100_000_000_000n),
  BurnHalfLife: map([identity(netUid)], u16, 360),
  /** U64F64 */
  BurnIncreaseMult: map([identity(netUid)], u64f64, defaultBurnMultiplier),
  RAORecycledForRegistration: map([identity(netUid)], taoBalance, 0n),
}
