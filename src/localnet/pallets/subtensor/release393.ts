import { errorsOf, event, eventsOf } from '../../pallet.ts'
import { accountId, dispatchError, netUid } from '../../scale/chainTypes.ts'
import { bool, bytes, type ScaleType, tuple, u16, u64, vec } from '../../scale/types.ts'
import { blake2, identity, map, optionalMap, storageOf, value } from '../../storage.ts'
import { fromInteger, normalise, zero } from './safeFloat.ts'
import { i64f64, type SafeFloatValue, u64f64 } from './types.ts'

/**
 * Rows of SubtensorModule that release 393 has and the later ones have not, or have for nothing.
 *
 * @see facts: subtensor-metadata.json
 */

const name = 'SubtensorModule'
const index = 7
const one = 1n << 64n

/** Shares as release 393 keeps them, U64F64; the rules see them as the decimal floats of later releases. */
const fixedShares: ScaleType<SafeFloatValue> = {
  ...u64f64,
  encode: (shares, out) => u64f64.encode(toFixed(shares), out),
  decode: (input) => fromFixed(u64f64.decode(input)),
}

function toFixed({ mantissa, exponent }: SafeFloatValue): bigint {
  return exponent >= 0n ? mantissa * 10n ** exponent * one : (mantissa * one) / 10n ** -exponent
}

/** 2^-64 has 64 decimals, so nothing is lost before the cut to the float's digits. */
function fromFixed(raw: bigint): SafeFloatValue {
  if (raw % one === 0n) return fromInteger(raw / one)
  return normalise((raw * 10n ** 64n) / one, -64n)
}

const items = {
  /** hotkey, coldkey, netuid → the coldkey's shares of the hotkey's pool. */
  Alpha: map([blake2(accountId), blake2(accountId), identity(netUid)], fixedShares, zero),
  TotalHotkeyShares: map([blake2(accountId), identity(netUid)], fixedShares, zero),
  // One element per uid.
  Rank: map([identity(netUid)], vec(u16), []),
  Trust: map([identity(netUid)], vec(u16), []),
  PruningScores: map([identity(netUid)], vec(u16), []),
  BurnRegistrationsThisInterval: map([identity(netUid)], u16, 0),
  POWRegistrationsThisInterval: map([identity(netUid)], u16, 0),
  LastAdjustmentBlock: map([identity(netUid)], u64, 0n),
  /** hotkey, coldkey, netuid → whether stake came in in this block. */
  StakingOperationRateLimiter: map([blake2(accountId), blake2(accountId), identity(netUid)], bool, false),
  /** seal → block in which it was used. */
  UsedWork: map([identity(bytes)], u64, 0n),
  /** Block of the last average, and the average: TAO rao per block, I64F64. */
  SubnetEmaTaoFlow: optionalMap([identity(netUid)], tuple(u64, i64f64)),
  /** Of 2^63 − 1. */
  FlowEmaSmoothingFactor: value(u64, 29_597_889_189_277n),
  TaoFlowCutoff: value(i64f64, 0n),
}

export const storage393 = storageOf(name, items)

export const standIns393 = { AlphaV2: storage393.Alpha, TotalHotkeySharesV2: storage393.TotalHotkeyShares }

export const events393 = eventsOf(name, index, {
  PowRegistrationAllowed: event(49, { 0: netUid, 1: bool }),
  BatchWeightItemFailed: event(88, { 0: dispatchError }),
})

export const errorIndices393 = {
  InvalidWorkBlock: 23,
  InvalidDifficulty: 24,
  InvalidSeal: 25,
  TransactorAccountShouldBeHotKey: 38,
  StakingOperationRateLimitExceeded: 98,
  AddStakeBurnRateLimitExceeded: 130,
} as const

export const errors393 = errorsOf(name, index, errorIndices393)
