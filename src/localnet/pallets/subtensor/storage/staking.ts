import { accountId, alphaBalance, netUid, perU16, taoBalance, zeroAccount } from '../../../scale/chainTypes.ts'
import { bool, tuple, u64, u128, vec } from '../../../scale/types.ts'
import { blake2, identity, map, optionalMap, twox64, value } from '../../../storage.ts'
import { claimableRates, i96f32, keyShares, rootClaimType, type SafeFloatValue, safeFloat } from '../types.ts'

const zeroShares: SafeFloatValue = { mantissa: 0n, exponent: 0n }

/** Who owns which hotkey, who stakes on it, and what a delegate takes. */
export const stakingItems = {
  TotalIssuance: value(taoBalance, 0n),
  TotalStake: value(taoBalance, 0n),
  Owner: map([blake2(accountId)], accountId, zeroAccount),
  OwnedHotkeys: map([blake2(accountId)], vec(accountId), []),
  StakingHotkeys: map([blake2(accountId)], vec(accountId), []),
  Delegates: map([blake2(accountId)], perU16, 11_796),
  MaxDelegateTake: value(perU16, 11_796),
  MinDelegateTake: value(perU16, 0),
  ChildkeyTake: map([blake2(accountId), identity(netUid)], perU16, 0),
  MinChildkeyTake: value(perU16, 0),
  MaxChildkeyTake: value(perU16, 11_796),
  MinChildkeyTakePerSubnet: map([identity(netUid)], perU16, 0),
  ChildKeys: map([blake2(accountId), identity(netUid)], keyShares, []),
  ParentKeys: map([blake2(accountId), identity(netUid)], keyShares, []),
  /** Children that are asked for, and the block after which the next epoch gives them effect. */
  PendingChildKeys: map([identity(netUid), blake2(accountId)], tuple(keyShares, u64), [[], 0n]),
  PendingChildKeyCooldown: value(u64, (build) => (build === 'fast' ? 15n : 7200n)),
  /** Of a root validator: whether it lends its stake to the owner of each new subnet. */
  AutoParentDelegationEnabled: map([blake2(accountId)], bool, true),
  /** A fraction of 2^64 − 1. */
  CKBurn: value(u64, 0n),
  AutoStakeDestination: optionalMap([blake2(accountId), identity(netUid)], accountId),
  /** The same the other way round: hotkey, netuid → the coldkeys that stake on it. */
  AutoStakeDestinationColdkeys: map([blake2(accountId), identity(netUid)], vec(accountId), []),
  LastColdkeyHotkeyStakeBlock: optionalMap([twox64(accountId), twox64(accountId)], u64),

  /** hotkey, netuid → the value of the hotkey's whole pool. */
  TotalHotkeyAlpha: map([blake2(accountId), identity(netUid)], alphaBalance, 0n),
  TotalHotkeyAlphaLastEpoch: map([blake2(accountId), identity(netUid)], alphaBalance, 0n),
  TotalHotkeySharesV2: map([blake2(accountId), identity(netUid)], safeFloat, zeroShares),
  /** hotkey, coldkey, netuid → the coldkey's shares of the hotkey's pool. */
  AlphaV2: map([blake2(accountId), blake2(accountId), identity(netUid)], safeFloat, zeroShares),

  /** A fraction of 2^64 − 1. */
  TaoWeight: value(u64, 971_718_665_099_567_868n),
  StakeThreshold: value(u64, 0n),
  /** In millionths of twice the minimum stake; see facts: subtensor-chain.md, remove_stake. */
  NominatorMinRequiredStake: value(u64, 0n),

  RootClaimable: map([blake2(accountId)], claimableRates, []),
  RootClaimed: map([identity(netUid), blake2(accountId), blake2(accountId)], u128, 0n),
  RootClaimType: map([blake2(accountId)], rootClaimType, { type: 'Swap' }),
  RootClaimableThreshold: map([blake2(netUid)], i96f32, 500_000n << 32n),
  NumRootClaim: value(u64, 5n),
  NumStakingColdkeys: value(u64, 0n),
  StakingColdkeysByIndex: optionalMap([identity(u64)], accountId),
  StakingColdkeys: optionalMap([identity(accountId)], u64),
}
