import { accountId, netUid, taoBalance } from '../../scale/chainTypes.ts'
import { boundedBytes, boundedVec, bTreeSet } from '../../scale/collections.ts'
import {
  byteArray,
  bytes,
  type ScaleType,
  struct,
  tuple,
  u8,
  u32,
  u64,
  type ValueOf,
  type VariantCase,
  variant,
  variantCase,
  vec,
} from '../../scale/types.ts'

export const mostFields = 3
const longestRaw = 128

/** One field of a commitment. */
export type Data =
  | { readonly type: 'None' | 'ResetBondsFlag' }
  | { readonly type: `Raw${number}` | 'BigRaw' | HashName; readonly 0: Uint8Array }
  | { readonly type: 'TimelockEncrypted'; readonly encrypted: Uint8Array; readonly reveal_round: bigint }

const hashNames = ['BlakeTwo256', 'Sha256', 'Keccak256', 'ShaThree256'] as const
type HashName = (typeof hashNames)[number]

/** `Raw0` to `Raw128` say in their name how many bytes they hold. */
const rawCases: [string, VariantCase][] = Array.from({ length: longestRaw + 1 }, (_, length) => [
  `Raw${length}`,
  variantCase(1 + length, { 0: byteArray(length) }),
])
const hashCases: [string, VariantCase][] = hashNames.map((name, i) => [
  name,
  variantCase(130 + i, { 0: byteArray(32) }),
])

/** @see facts: subtensor-chain.md, Commitments.set_commitment */
export const data = variant('pallet_commitments::types::Data', {
  None: variantCase(0, {}),
  ...Object.fromEntries([...rawCases, ...hashCases]),
  TimelockEncrypted: variantCase(134, { encrypted: boundedBytes(u8, 1024), reveal_round: u64 }),
  ResetBondsFlag: variantCase(135, {}),
  BigRaw: variantCase(136, { 0: boundedBytes(u8, 512) }),
}) as unknown as ScaleType<Data>

export const commitmentInfo = struct('pallet_commitments::types::CommitmentInfo', {
  fields: boundedVec(data, mostFields),
})

export const registration = struct('pallet_commitments::types::Registration', {
  deposit: taoBalance,
  block: u32,
  info: commitmentInfo,
})
export type Registration = ValueOf<typeof registration>

/** Bytes that somebody has committed in one epoch. */
export const usageTracker = struct('pallet_commitments::types::UsageTracker', { last_epoch: u64, used_space: u64 })

/** Who has timelocked fields. */
export const timelockedIndex = bTreeSet(tuple(netUid, accountId))

/** (opened bytes, block), oldest first. */
export const revealed = vec(tuple(bytes, u64))
