import { InputError } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import type { BlockContext } from '../pallet.ts'
import { existentialDeposit, freeBalance } from '../pallets/balances.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import type { AccountId } from '../scale/chainTypes.ts'

/**
 * Sets what an account has; the total issuance follows. Below the existential deposit the account ends.
 *
 * @param rao of free TAO
 */
export function setBalance(node: LocalNode, account: AccountId, rao: bigint): void {
  requireAmount('rao', rao)
  node.edit((context) => writeBalance(context, account, rao))
}

/** Gives money to an account. @returns what it has then, in rao */
export function faucet(node: LocalNode, account: AccountId, rao: bigint): bigint {
  requireAmount('rao', rao)
  const free = freeBalance(node.headState, account) + rao
  setBalance(node, account, free)
  return free
}

/** As `setBalance`, in an edit that does more. Both pallets' total issuance follow. */
export function writeBalance(context: BlockContext, account: AccountId, rao: bigint): void {
  const { state } = context
  const before = freeBalance(state, account)
  const call = {
    pallet: 'Balances',
    name: 'force_set_balance',
    args: { who: { type: 'Id', 0: account }, new_free: rao },
  }
  context.dispatch(call, { kind: 'root' })
  const after = rao < existentialDeposit ? 0n : rao
  state.update(storage.TotalIssuance, [], (issuance) => issuance + after - before)
}

const mostRao = 2n ** 64n - 1n

/** @throws InputError for a negative amount or one that is no u64 */
export function requireAmount(field: string, amount: bigint): void {
  if (amount < 0n || amount > mostRao) throw new InputError(field, amount, 'give an amount from 0 to 2^64 - 1 rao')
}
