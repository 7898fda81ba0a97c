import { accountId, alphaBalance, netUid, perU16 } from '../../../scale/chainTypes.ts'
import { bool, tuple, u16, u64 } from '../../../scale/types.ts'
import { blake2, identity, map, optionalMap, value } from '../../../storage.ts'
import { i64f64 } from '../types.ts'

/** What only clients and the runtime APIs read. */
export const reportedItems = {
  /** Nothing reads it but SubnetInfo. */
  ScalingLawPower: map([identity(netUid)], u16, 50),
  /** In blocks, from registration; see `subnetToPrune`. */
  NetworkImmunityPeriod: value(u64, 1_296_000n),
  /** Block and moving average. No release since 401 writes it, but `btcli subnets list` waits for ever where it is not declared. */
  SubnetEmaTaoFlow: optionalMap([identity(netUid)], tuple(u64, i64f64)),
  /** No release since 401 writes it. */
  LastHotkeyEmissionOnNetuid: map([blake2(accountId), identity(netUid)], alphaBalance, 0n),
  MinChildkeyTake: value(perU16, 0),
  MinChildkeyTakePerSubnet: map([identity(netUid)], perU16, 0),
  OwnerCutAutoLockEnabled: map([identity(netUid)], bool, false),
}
