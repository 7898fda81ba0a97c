import type { Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type CallToSubmit, type Submitted, submit } from './submit.ts'

export interface Transfer {
  readonly to: string
  readonly amount: Rao
  /** Refuse to leave the sender below the existential deposit. Default true. */
  readonly keepAlive?: boolean
}

/** Moves TAO between coldkeys. */
export async function transfer(chain: Chain, options: Transfer & { readonly signer: Signer }): Promise<Submitted> {
  return await submit(chain, transferCall(chain, options), { signer: options.signer })
}

export function transferCall(chain: Chain, { to, amount, keepAlive = true }: Transfer): CallToSubmit {
  return composeCall(chain, 'Balances', keepAlive ? 'transfer_keep_alive' : 'transfer_allow_death', [to, amount])
}
