import { u96f32 } from '../../../fixed/fixedFormat.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { storage } from './storage.ts'

const wholeTake = u96f32.fromInteger(65_535n)

/**
 * Splits a hotkey's dividend into its owner's take and what is left for those who stake on it. Each is rounded down on
 * its own, so one rao may belong to nobody.
 *
 * @param dividend raw U96F32 @returns rao
 * @see facts: emission.md, 7.4
 */
export function splitTake(state: State, hotkey: AccountId, dividend: bigint): { taken: bigint; rest: bigint } {
  const ratio = u96f32.safeDiv(u96f32.fromInteger(BigInt(state.get(storage.Delegates, hotkey))), wholeTake)
  const take = u96f32.mul(ratio, dividend)
  return { taken: u96f32.floor(take), rest: u96f32.floor(u96f32.sub(dividend, take)) }
}
