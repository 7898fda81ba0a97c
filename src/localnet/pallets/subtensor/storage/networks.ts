import { accountId, netUid, taoBalance, zeroAccount } from '../../../scale/chainTypes.ts'
import { bool, bytes, u8, u16, u64, vec } from '../../../scale/types.ts'
import { blake2, identity, map, optionalMap, twox64, value } from '../../../storage.ts'
import { chainIdentity, subnetIdentity } from '../types.ts'

/** Which subnets there are, what they cost, who owns them and how they are called. */
export const networkItems = {
  TotalNetworks: value(u16, 0),
  NetworksAdded: map([identity(netUid)], bool, false),
  NetworkRegisteredAt: map([identity(netUid)], u64, 0n),
  RegisteredSubnetCounter: map([identity(netUid)], u64, 0n),
  SubnetLimit: value(u16, 128),
  /** In blocks, from registration; see `subnetToPrune`. */
  NetworkImmunityPeriod: value(u64, 1_296_000n),
  NetworkRegistrationStartBlock: value(u64, 0n),
  NetworkMinLockCost: value(taoBalance, 1_000_000_000_000n),
  NetworkLastLockCost: value(taoBalance, 1_000_000_000_000n),
  NetworkLockReductionInterval: value(u64, 100_800n),
  // 7200 on the main network; the localnet builds of the real node have 0.
  NetworkRateLimit: value(u64, 0n),
  StartCallDelay: value(u64, 0n),
  FirstEmissionBlockNumber: optionalMap([identity(netUid)], u64),
  SubnetMechanism: map([identity(netUid)], u16, 0),
  SubnetLocked: map([identity(netUid)], taoBalance, 0n),
  SubnetOwner: map([identity(netUid)], accountId, zeroAccount),
  SubnetOwnerHotkey: map([identity(netUid)], accountId, zeroAccount),
  SubtokenEnabled: map([identity(netUid)], bool, false),
  TransferToggle: map([identity(netUid)], bool, true),
  /** UTF-8; the default is 𝜏. */
  TokenSymbol: map([identity(netUid)], bytes, Uint8Array.of(0xf0, 0x9d, 0x9c, 0x8f)),
  SubnetIdentitiesV3: optionalMap([blake2(netUid)], subnetIdentity),
  IdentitiesV2: optionalMap([blake2(accountId)], chainIdentity),
  MaxMechanismCount: value(u8, 2),
  MechanismCountCurrent: map([twox64(netUid)], u8, 1),
  MechanismEmissionSplit: optionalMap([twox64(netUid)], vec(u16)),
  Tempo: map([identity(netUid)], u16, (build) => (build === 'fast' ? 10 : 360)),
  LastEpochBlock: map([identity(netUid)], u64, 0n),
  PendingEpochAt: map([identity(netUid)], u64, 0n),
  SubnetEpochIndex: map([identity(netUid)], u64, 0n),
  BlocksSinceLastStep: map([identity(netUid)], u64, 0n),
  /** Spelt as on chain. */
  LastMechansimStepBlock: map([identity(netUid)], u64, 0n),
  MaxEpochsPerBlock: value(u8, (build) => (build === 'fast' ? 32 : 2)),
}
