import { ScaleError } from './io.ts'
import {
  byteArray,
  bytes,
  compact,
  type ScaleType,
  struct,
  u8,
  u16,
  u32,
  u64,
  u128,
  unit,
  variant,
  variantCase,
  withParameters,
  wrapper,
} from './types.ts'

/** 32 bytes as `0x` and 64 lower-case hex digits: usable as a map key and comparable with `===`. */
export type Hex32 = `0x${string}`

function hex32(path: string): ScaleType<Hex32> {
  const inner = byteArray(32)
  return {
    ...wrapper(path, inner),
    encode: (value: Hex32, out) => {
      if (value.length !== 66) throw new ScaleError(`${path}: ${value} is not 32 bytes in hex`)
      out.bytes(Buffer.from(value.slice(2), 'hex'))
    },
    decode: (input) => `0x${Buffer.from(input.bytes(32)).toString('hex')}` as const,
  }
}

/** Public key of an account. Its type id is 0 in every metadata that we serve; the Python client relies on it. */
export const accountId = hex32('sp_core::crypto::AccountId32')
export type AccountId = Hex32
export const h256 = hex32('primitive_types::H256')
export const zeroAccount: AccountId = `0x${'00'.repeat(32)}`

// The composites of facts: current-generation.md, 1.2. SCALE bytes equal the plain integer's.
export const netUid = wrapper('subtensor_runtime_common::NetUid', u16, 'u16')
export const mechId = wrapper('subtensor_runtime_common::MechId', u8, 'u8')
/** mecid × 4096 + netuid. */
export const netUidStorageIndex = wrapper('subtensor_runtime_common::NetUidStorageIndex', u16, 'u16')
export const taoBalance = wrapper('subtensor_runtime_common::currency::TaoBalance', u64, 'u64')
export const alphaBalance = wrapper('subtensor_runtime_common::currency::AlphaBalance', u64, 'u64')
export const perU16 = wrapper('sp_arithmetic::per_things::PerU16', u16, 'u16')

export const multiAddress = withParameters(
  variant('sp_runtime::multiaddress::MultiAddress', {
    Id: variantCase(0, { 0: accountId }),
    Index: variantCase(1, { 0: compactUnit() }),
    Raw: variantCase(2, { 0: bytes }),
    Address32: variantCase(3, { 0: byteArray(32) }),
    Address20: variantCase(4, { 0: byteArray(20) }),
  }),
  { AccountId: accountId, AccountIndex: unit },
)

/** `Compact<()>` takes no bytes. */
function compactUnit(): ScaleType<undefined> {
  return { ...unit, shape: { kind: 'compact', of: unit } }
}

export const weight = struct('sp_weights::weight_v2::Weight', {
  ref_time: compact(u64),
  proof_size: compact(u64),
})

export const accountData = struct('pallet_balances::types::AccountData', {
  free: taoBalance,
  reserved: taoBalance,
  frozen: taoBalance,
  flags: wrapper('pallet_balances::types::ExtraFlags', u128),
})

export const accountInfo = struct('frame_system::AccountInfo', {
  nonce: u32,
  consumers: u32,
  providers: u32,
  sufficients: u32,
  data: accountData,
})

export const tokenError = variant('sp_runtime::TokenError', {
  FundsUnavailable: variantCase(0, {}),
  OnlyProvider: variantCase(1, {}),
  BelowMinimum: variantCase(2, {}),
  CannotCreate: variantCase(3, {}),
  UnknownAsset: variantCase(4, {}),
  Frozen: variantCase(5, {}),
  Unsupported: variantCase(6, {}),
  CannotCreateHold: variantCase(7, {}),
  NotExpendable: variantCase(8, {}),
  Blocked: variantCase(9, {}),
})

export const arithmeticError = variant('sp_arithmetic::ArithmeticError', {
  Underflow: variantCase(0, {}),
  Overflow: variantCase(1, {}),
  DivisionByZero: variantCase(2, {}),
})

export const dispatchError = variant('sp_runtime::DispatchError', {
  Other: variantCase(0, {}),
  CannotLookup: variantCase(1, {}),
  BadOrigin: variantCase(2, {}),
  Module: variantCase(3, { 0: struct('sp_runtime::ModuleError', { index: u8, error: byteArray(4) }) }),
  ConsumerRemaining: variantCase(4, {}),
  NoProviders: variantCase(5, {}),
  TooManyConsumers: variantCase(6, {}),
  Token: variantCase(7, { 0: tokenError }),
  Arithmetic: variantCase(8, { 0: arithmeticError }),
  Transactional: variantCase(9, {
    0: variant('sp_runtime::TransactionalError', { LimitReached: variantCase(0, {}), NoLayer: variantCase(1, {}) }),
  }),
  Exhausted: variantCase(10, {}),
  Corruption: variantCase(11, {}),
  Unavailable: variantCase(12, {}),
  RootNotAllowed: variantCase(13, {}),
  Trie: variantCase(14, {
    0: variant('sp_runtime::proving_trie::TrieError', {
      InvalidStateRoot: variantCase(0, {}),
      IncompleteDatabase: variantCase(1, {}),
      ValueAtIncompleteKey: variantCase(2, {}),
      DecoderError: variantCase(3, {}),
      InvalidHash: variantCase(4, {}),
      DuplicateKey: variantCase(5, {}),
      ExtraneousNode: variantCase(6, {}),
      ExtraneousValue: variantCase(7, {}),
      ExtraneousHashReference: variantCase(8, {}),
      InvalidChildReference: variantCase(9, {}),
      ValueMismatch: variantCase(10, {}),
      IncompleteProof: variantCase(11, {}),
      RootMismatch: variantCase(12, {}),
      DecodeError: variantCase(13, {}),
    }),
  }),
})
