import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { existentialDeposit, freeBalance } from '../balances.ts'

/** Whether an account can pay `amount` rao and live on. */
export function canPay(state: State, who: AccountId, amount: bigint): boolean {
  return amount === 0n || freeBalance(state, who) >= amount + existentialDeposit
}
