import type { Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Submitted, submit } from './submit.ts'

/** Moves TAO between coldkeys. `keepAlive` (default) refuses to leave the sender below the existential deposit. */
export async function transfer(
  chain: Chain,
  options: { signer: Signer; to: string; amount: Rao; keepAlive?: boolean },
): Promise<Submitted> {
  const name = options.keepAlive === false ? 'transfer_allow_death' : 'transfer_keep_alive'
  return await submit(chain, composeCall(chain, 'Balances', name, [options.to, options.amount]), {
    signer: options.signer,
  })
}
