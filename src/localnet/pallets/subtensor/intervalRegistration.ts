import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { BlockContext, CallContext } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { storage as system } from '../system.ts'
import { errors } from './errors.ts'
import { netuids } from './mechanisms.ts'
import { errors393, storage393 } from './release393.ts'
import { storage } from './storage.ts'

/**
 * Registration as of release 393: a price in TAO and a difficulty of work, each set anew once an interval by how many
 * came in, and a limit to those who do.
 *
 * @see facts: subtensor-chain.md, (d) burned_register and register, [393]
 */

/** How a neuron paid. */
export type Payment = 'burn' | 'work'

/** Whether an interval has no room for another registration. The pool asks this too. */
export function isIntervalFull(state: State, netuid: number): boolean {
  const target = state.get(storage.TargetRegistrationsPerInterval, netuid)
  return state.get(storage.RegistrationsThisInterval, netuid) >= 3 * target
}

/** @throws DispatchFailure TooManyRegistrationsThisBlock, TooManyRegistrationsThisInterval */
export function checkRegistrationLimits(state: State, netuid: number): void {
  if (state.get(storage.RegistrationsThisBlock, netuid) >= state.get(storage.MaxRegistrationsPerBlock, netuid)) {
    throw errors.TooManyRegistrationsThisBlock()
  }
  if (isIntervalFull(state, netuid)) throw errors.TooManyRegistrationsThisInterval()
}

export function countRegistration(state: State, netuid: number, payment: Payment): void {
  const paid = payment === 'burn' ? storage393.BurnRegistrationsThisInterval : storage393.POWRegistrationsThisInterval
  state.update(paid, [netuid], (count) => count + 1)
  state.update(storage.RegistrationsThisInterval, [netuid], (count) => count + 1)
}

/** Once an interval: new prices by who came in, and counts from zero. Per-block counts every block. */
export function adjustRegistrationTerms({ state, block }: BlockContext): void {
  for (const netuid of netuids(state)) {
    state.set(storage.RegistrationsThisBlock, [netuid], 0)
    const since = BigInt(block) - state.get(storage393.LastAdjustmentBlock, netuid)
    if (since < BigInt(state.get(storage.AdjustmentInterval, netuid))) continue
    state.set(storage393.LastAdjustmentBlock, [netuid], BigInt(block))
    adjust(state, netuid)
    state.set(storage.RegistrationsThisInterval, [netuid], 0)
    state.set(storage393.BurnRegistrationsThisInterval, [netuid], 0)
    state.set(storage393.POWRegistrationsThisInterval, [netuid], 0)
  }
}

/** What more came in by becomes dearer, what fewer came in by cheaper; where they are even, both move. */
function adjust(state: State, netuid: number): void {
  const count = state.get(storage.RegistrationsThisInterval, netuid)
  const target = state.get(storage.TargetRegistrationsPerInterval, netuid)
  const byBurn = state.get(storage393.BurnRegistrationsThisInterval, netuid)
  const byWork = state.get(storage393.POWRegistrationsThisInterval, netuid)
  const [price, difficulty] = [storage.Burn, storage.Difficulty]
  const bounds = { min: state.get(storage.MinBurn, netuid), max: state.get(storage.MaxBurn, netuid) }
  const limits = { min: state.get(storage.MinDifficulty, netuid), max: state.get(storage.MaxDifficulty, netuid) }
  const moved = (old: bigint, range: Range): bigint =>
    adjusted(old, { count, target, alpha: state.get(storage.AdjustmentAlpha, netuid) }, range)
  const isBusy = count > target
  if (isBusy ? byBurn >= byWork : byWork >= byBurn) {
    state.update(price, [netuid], (old) => moved(old, bounds))
  }
  if (isBusy ? byWork >= byBurn : byBurn >= byWork) {
    state.update(difficulty, [netuid], (old) => moved(old, limits))
  }
}

interface Range {
  readonly min: bigint
  readonly max: bigint
}

/** alpha × old + (1 − alpha) × old × (count + target) ÷ (2 × target), within the range; alpha is of 2^64. */
export function adjusted(
  old: bigint,
  { count, target, alpha }: { readonly count: number; readonly target: number; readonly alpha: bigint },
  { min, max }: Range,
): bigint {
  if (target === 0) return old
  const moved = (old * BigInt(count + target)) / BigInt(2 * target)
  const smooth = (alpha * old + ((1n << 64n) - alpha) * moved) >> 64n
  return smooth < min ? min : smooth > max ? max : smooth
}

/** As the call's arguments say it. */
export interface Proof {
  readonly block_number: bigint
  readonly nonce: bigint
  readonly work: Uint8Array
}

const longestWorkBlocks = 3n
const largest = (1n << 256n) - 1n

/**
 * Checks a proof of work for this block and takes note that it was used.
 *
 * @throws DispatchFailure InvalidWorkBlock, InvalidDifficulty, InvalidSeal
 */
export function takeWork(
  context: CallContext,
  netuid: number,
  hotkey: AccountId,
  { block_number, nonce, work }: Proof,
): void {
  const { state } = context
  const now = BigInt(context.block)
  if (block_number > now || now - block_number >= longestWorkBlocks) throw errors393.InvalidWorkBlock()
  if (state.has(storage393.UsedWork, work)) throw errors393.InvalidWorkBlock()
  const value = BigInt(`0x${Buffer.from(work).reverse().toString('hex') || '0'}`)
  if (value * state.get(storage.Difficulty, netuid) > largest) throw errors393.InvalidDifficulty()
  const blockHash = state.get(system.BlockHash, Number(block_number))
  if (Buffer.compare(sealOf(nonce, blockHash, hotkey), work) !== 0) throw errors393.InvalidSeal()
  state.set(storage393.UsedWork, [work], now)
}

/** keccak256(sha256(nonce, 8 bytes little-endian ++ keccak256(block hash ++ hotkey))) */
export function sealOf(nonce: bigint, blockHash: string, hotkey: AccountId): Uint8Array {
  const raw = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex')
  const number = Buffer.alloc(8)
  number.writeBigUInt64LE(nonce)
  return keccak_256(sha256(Buffer.concat([number, keccak_256(Buffer.concat([raw(blockHash), raw(hotkey)]))])))
}
