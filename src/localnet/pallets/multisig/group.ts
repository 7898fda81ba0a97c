import type { AccountId } from '../../scale/chainTypes.ts'
import { multisigAccount } from '../derivedAccounts.ts'
import { errors, maxSignatories } from './declarations.ts'

/** What a call waiting for its group costs the one who began it, in rao. */
export const depositBase = 132_000_000n
export const depositFactor = 32_000_000n

export function multisigDeposit(threshold: number): bigint {
  return depositBase + depositFactor * BigInt(threshold)
}

/**
 * The account of a group.
 *
 * @param others the group without the caller, in ascending order
 * @throws DispatchFailure TooFewSignatories, TooManySignatories, SignatoriesOutOfOrder, SenderInSignatories
 */
export function groupAccount(who: AccountId, others: readonly AccountId[], threshold: number): AccountId {
  if (others.length === 0) throw errors.TooFewSignatories()
  if (others.length >= maxSignatories) throw errors.TooManySignatories()
  for (const [i, other] of others.entries()) {
    if (i > 0 && others[i - 1]! >= other) throw errors.SignatoriesOutOfOrder()
    if (other === who) throw errors.SenderInSignatories()
  }
  return multisigAccount([...others, who].sort(), threshold)
}

/** @throws DispatchFailure MinimumThreshold where one alone would do, for which there is a call of its own */
export function requireSeveral(threshold: number): void {
  if (threshold < 2) throw errors.MinimumThreshold()
}
