import type { BlockContext } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import { reserve, unreserve } from '../balances.ts'

/** What a list on the chain costs its owner while it is there, in rao. */
export interface DepositRule {
  readonly base: bigint
  readonly each: bigint
}

export const proxyDeposit: DepositRule = { base: 60_000_000n, each: 33_000_000n }
export const announcementDeposit: DepositRule = { base: 36_000_000n, each: 68_000_000n }

export function depositFor({ base, each }: DepositRule, count: number): bigint {
  return count === 0 ? 0n : base + each * BigInt(count)
}

/** Reserves or frees the difference. @throws DispatchFailure as `reserve` */
export function adjustDeposit(context: BlockContext, who: AccountId, from: bigint, to: bigint): void {
  if (to > from) reserve(context, who, to - from)
  else unreserve(context, who, from - to)
}
