import type { Call } from '../../pallet.ts'
import type { AccountId, multiAddress } from '../../scale/chainTypes.ts'
import type { ValueOf } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { batchNames } from '../utility.ts'
import { storage } from './storage.ts'

/** The account that a `Proxy.proxy` acts for; nothing for other calls. */
function realOf({ pallet, name, args }: Call): AccountId | undefined {
  if (pallet !== 'Proxy' || name !== 'proxy') return undefined
  const real = args.real as ValueOf<typeof multiAddress>
  return real.type === 'Id' ? real[0] : undefined
}

function paysFor(state: State, real: AccountId, delegate: AccountId): boolean {
  return state.has(storage.RealPaysFee, real, delegate)
}

/** The one account that a proxied call, or all calls of a proxied batch, act for in their turn, if it pays for that. */
function innerPayer(state: State, inner: Call, delegate: AccountId): AccountId | undefined {
  const isBatch = inner.pallet === 'Utility' && batchNames.includes(inner.name)
  const [first, ...rest] = isBatch ? (inner.args.calls as readonly Call[]) : [inner]
  const real = first === undefined ? undefined : realOf(first)
  if (real === undefined || rest.some((item) => realOf(item) !== real)) return undefined
  return paysFor(state, real, delegate) ? real : undefined
}

/**
 * Who pays an extrinsic's fee: its signer, or, where a proxy signs and the account that it acts for has agreed to that,
 * this account; or the account behind it, one level further.
 *
 * @see facts: subtensor-chain.md, (a) fee payer; subtensor `runtime/src/transaction_payment_wrapper.rs`
 */
export function feePayer(state: State, call: Call, signer: AccountId): AccountId {
  const real = realOf(call)
  if (real === undefined || !paysFor(state, real, signer)) return signer
  return innerPayer(state, call.args.call as Call, real) ?? real
}
