import type { BlockContext } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import { burn, type Survival } from '../balances.ts'
import { storage } from './storage.ts'

/** Takes TAO of an account out of issuance, so that the chain may emit it again. @throws DispatchFailure as `transfer` */
export function recycleTao(context: BlockContext, who: AccountId, amount: bigint, survival: Survival): void {
  if (amount === 0n) return
  burn(context, who, amount, survival)
  context.state.update(storage.TotalIssuance, [], (issuance) => (issuance > amount ? issuance - amount : 0n))
}
