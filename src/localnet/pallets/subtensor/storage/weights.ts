import { type AccountId, accountId, h256, netUid, netUidStorageIndex } from '../../../scale/chainTypes.ts'
import { boundedBytes } from '../../../scale/collections.ts'
import { bool, i16, tuple, u8, u16, u32, u64, vec } from '../../../scale/types.ts'
import { blake2, identity, map, optionalMap, twox64, value } from '../../../storage.ts'

const none: [number, number][] = []

/** A timelocked commit as it is sent and stored. */
export const timelockedCommit = boundedBytes(u8, 5000)

/** Weights, bonds, commits, and the parameters that the epoch reads. */
export const weightItems = {
  /** storage index, uid → (uid, u16) in the order in which they were set. */
  Weights: map([identity(netUidStorageIndex), identity(u16)], vec(tuple(u16, u16)), none),
  Bonds: map([identity(netUidStorageIndex), identity(u16)], vec(tuple(u16, u16)), none),
  /** (hash, epoch index of the commit, its block, 0), oldest first. */
  WeightCommits: optionalMap([twox64(netUidStorageIndex), twox64(accountId)], vec(tuple(h256, u64, u64, u64))),
  /** storage index, epoch index of the commit → (hotkey, block, ciphertext, round of the reveal), oldest first. */
  TimelockedWeightCommits: map(
    [twox64(netUidStorageIndex), twox64(u64)],
    vec(tuple(accountId, u64, timelockedCommit, u64)),
    [] as [AccountId, bigint, Uint8Array, bigint][],
  ),
  /** The form that timelocked commits must have. */
  CommitRevealWeightsVersion: value(u16, 4),
  RevealPeriodEpochs: map([twox64(netUid)], u64, 1n),
  CommitRevealWeightsEnabled: map([identity(netUid)], bool, true),
  WeightsVersionKey: map([identity(netUid)], u64, 0n),
  MinAllowedWeights: map([identity(netUid)], u16, 1024),
  MaxWeightsLimit: map([identity(netUid)], u16, 65_535),
  Rho: map([identity(netUid)], u16, 10),
  Kappa: map([identity(netUid)], u16, 32_767),
  ActivityCutoff: map([identity(netUid)], u16, 5000),
  MinActivityCutoff: value(u16, 360),
  /** Thousandths of a tempo. */
  ActivityCutoffFactorMilli: map([identity(netUid)], u32, 13_889),
  /** Millionths. */
  BondsMovingAverage: map([identity(netUid)], u64, 900_000n),
  BondsPenalty: map([identity(netUid)], u16, 65_535),
  BondsResetOn: map([identity(netUid)], bool, false),
  LiquidAlphaOn: map([blake2(netUid)], bool, false),
  /** (low, high) in parts of 65535. */
  AlphaValues: map([identity(netUid)], tuple(u16, u16), [45_875, 58_982]),
  /** Hundredths. */
  AlphaSigmoidSteepness: map([identity(netUid)], i16, 1000),
  Yuma3On: map([blake2(netUid)], bool, false),
}
