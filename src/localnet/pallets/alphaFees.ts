import { u64f64 } from '../../fixed/fixedFormat.ts'
import { type BlockContext, type Call, DispatchFailure } from '../pallet.ts'
import type { AccountId } from '../scale/chainTypes.ts'
import type { State } from '../state.ts'
import { transfer } from './balances.ts'
import { events } from './subtensor/events.ts'
import { netuids } from './subtensor/mechanisms.ts'
import { type StakeKeys, unstakeFrom } from './subtensor/stakeFlow.ts'
import { stakeOf } from './subtensor/stakePool.ts'
import { storage } from './subtensor/storage.ts'
import { subnetAccount } from './subtensor/subnetAccount.ts'
import { quoteSell, spotPrice } from './swap.ts'

/**
 * Fees out of alpha stake: a signer without enough TAO pays for unstaking with the stake that it unstakes.
 *
 * @see facts: subtensor-chain.md, (a) fee payer
 */

const oneSubnet: Readonly<Record<string, readonly [hotkey: string, netuid: string]>> = {
  remove_stake: ['hotkey', 'netuid'],
  remove_stake_limit: ['hotkey', 'netuid'],
  remove_stake_full_limit: ['hotkey', 'netuid'],
  recycle_alpha: ['hotkey', 'netuid'],
  burn_alpha: ['hotkey', 'netuid'],
  move_stake: ['origin_hotkey', 'origin_netuid'],
  transfer_stake: ['hotkey', 'origin_netuid'],
  swap_stake: ['hotkey', 'origin_netuid'],
  swap_stake_limit: ['hotkey', 'origin_netuid'],
}

/** The stake that a call takes from; `undefined` where there is none, or more than one. */
function sourceOf(state: State, coldkey: AccountId, { pallet, name, args }: Call): StakeKeys | undefined {
  if (pallet !== 'SubtensorModule') return undefined
  const one = oneSubnet[name]
  if (one !== undefined) {
    const [hotkey, netuid] = one
    return { coldkey, hotkey: args[hotkey] as AccountId, netuid: args[netuid] as number }
  }
  if (name !== 'unstake_all' && name !== 'unstake_all_alpha') return undefined
  const hotkey = args.hotkey as AccountId
  const staked = netuids(state).filter((netuid) => {
    return state.get(storage.SubtokenEnabled, netuid) && stakeOf(state, hotkey, coldkey, netuid) > 0n
  })
  return staked.length === 1 ? { coldkey, hotkey, netuid: staked[0]! } : undefined
}

/** A stake and how much of it is worth the fee at today's price. */
export interface AlphaFee {
  readonly source: StakeKeys
  readonly alpha: bigint
}

/** @param fee in rao @returns `undefined` where the call's own stake cannot pay it */
export function alphaFeeOf(state: State, coldkey: AccountId, call: Call, fee: bigint): AlphaFee | undefined {
  const source = sourceOf(state, coldkey, call)
  if (source === undefined || !state.get(storage.NetworksAdded, source.netuid)) return undefined
  const price = spotPrice(state, source.netuid)
  const alpha = u64f64.floor(u64f64.safeDiv(u64f64.fromInteger(fee), price))
  if (alpha === 0n || stakeOf(state, source.hotkey, coldkey, source.netuid) < alpha) return undefined
  try {
    quoteSell(state, source.netuid, alpha, { feeless: true })
    return { source, alpha }
  } catch (error) {
    if (error instanceof DispatchFailure) return undefined
    throw error
  }
}

/** Sells the alpha, without a swap fee. @returns the TAO, which waits in the subnet's account */
export function takeAlphaFee(context: BlockContext, { source, alpha }: AlphaFee): bigint {
  return unstakeFrom(context, source, alpha, { feeless: true })
}

/** Gives the TAO to the block's author after the call has run. */
export function settleAlphaFee(context: BlockContext, { source, alpha }: AlphaFee, tao: bigint): void {
  transfer(context, subnetAccount(source.netuid), context.author, tao, 'allowDeath')
  const paid = { netuid: source.netuid, alpha_fee: alpha, tao_amount: tao }
  context.emit(events.TransactionFeePaidWithAlpha, { who: source.coldkey, ...paid })
}
