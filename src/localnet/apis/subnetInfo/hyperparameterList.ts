import { storage } from '../../pallets/subtensor/storage.ts'
import { i32f32, u64f64 } from '../../pallets/subtensor/types.ts'
import { taoBalance } from '../../scale/chainTypes.ts'
import {
  bool,
  bytes,
  compact,
  struct,
  u16,
  u32,
  u64,
  u128,
  type ValueOf,
  variant,
  variantCase,
  vec,
} from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { readHyperparameters } from './hyperparameters.ts'

const hyperparamValue = variant('pallet_subtensor::rpc_info::subnet_info::HyperparamValue', {
  Bool: variantCase(0, { 0: bool }),
  U16: variantCase(1, { 0: compact(u16) }),
  U32: variantCase(2, { 0: compact(u32) }),
  U64: variantCase(3, { 0: compact(u64) }),
  U128: variantCase(4, { 0: compact(u128) }),
  TaoBalance: variantCase(5, { 0: compact(taoBalance) }),
  I32F32: variantCase(6, { 0: i32f32 }),
  U64F64: variantCase(7, { 0: u64f64 }),
})

type HyperparamValue = ValueOf<typeof hyperparamValue>

const hyperparamEntry = struct('pallet_subtensor::rpc_info::subnet_info::HyperparamEntry', {
  name: bytes,
  value: hyperparamValue,
})

/** Name and value of every hyperparameter: new ones come as further entries, so that clients need no new shape. */
export const hyperparameterList = vec(hyperparamEntry)

const flag = (value: boolean): HyperparamValue => ({ type: 'Bool', 0: value })
const short = (value: number): HyperparamValue => ({ type: 'U16', 0: value })
const long = (value: bigint): HyperparamValue => ({ type: 'U64', 0: value })
const rao = (value: bigint): HyperparamValue => ({ type: 'TaoBalance', 0: value })

/**
 * The entries of release 430 in the chain's order. `undefined` for a subnet that does not exist.
 *
 * @see facts: subtensor-chain.md, (b) runtime API changes at 425
 */
export function readHyperparameterList(state: State, netuid: number): ValueOf<typeof hyperparameterList> | undefined {
  const fixed = readHyperparameters(state, netuid)
  if (fixed === undefined) return undefined
  const minimumTakes = [state.get(storage.MinChildkeyTake), state.get(storage.MinChildkeyTakePerSubnet, netuid)]
  const values: Readonly<Record<string, HyperparamValue>> = {
    kappa: short(fixed.kappa),
    immunity_period: short(fixed.immunity_period),
    min_allowed_weights: short(fixed.min_allowed_weights),
    max_weights_limit: short(fixed.max_weights_limit),
    tempo: short(fixed.tempo),
    weights_version: long(fixed.weights_version),
    weights_rate_limit: long(fixed.weights_rate_limit),
    activity_cutoff: long(fixed.activity_cutoff),
    activity_cutoff_factor: { type: 'U32', 0: state.get(storage.ActivityCutoffFactorMilli, netuid) },
    registration_allowed: flag(fixed.registration_allowed),
    target_regs_per_interval: short(fixed.target_regs_per_interval),
    min_burn: rao(fixed.min_burn),
    max_burn: rao(fixed.max_burn),
    burn_half_life: short(state.get(storage.BurnHalfLife, netuid)),
    burn_increase_mult: { type: 'U64F64', 0: state.get(storage.BurnIncreaseMult, netuid) },
    bonds_moving_avg: long(fixed.bonds_moving_avg),
    max_regs_per_block: short(fixed.max_regs_per_block),
    serving_rate_limit: long(fixed.serving_rate_limit),
    max_validators: short(fixed.max_validators),
    commit_reveal_period: long(fixed.commit_reveal_period),
    commit_reveal_weights_enabled: flag(fixed.commit_reveal_weights_enabled),
    alpha_high: short(fixed.alpha_high),
    alpha_low: short(fixed.alpha_low),
    liquid_alpha_enabled: flag(fixed.liquid_alpha_enabled),
    alpha_sigmoid_steepness: { type: 'I32F32', 0: fixed.alpha_sigmoid_steepness },
    yuma_version: short(fixed.yuma_version),
    subnet_is_active: flag(fixed.subnet_is_active),
    transfers_enabled: flag(fixed.transfers_enabled),
    bonds_reset_enabled: flag(fixed.bonds_reset_enabled),
    user_liquidity_enabled: flag(fixed.user_liquidity_enabled),
    owner_cut_enabled: flag(state.get(storage.OwnerCutEnabled, netuid)),
    owner_cut_auto_lock_enabled: flag(state.get(storage.OwnerCutAutoLockEnabled, netuid)),
    min_childkey_take: short(Math.max(...minimumTakes)),
  }
  return Object.entries(values).map(([name, value]) => ({ name: Uint8Array.from(Buffer.from(name)), value }))
}
