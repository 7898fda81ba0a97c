import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Submitted, submit } from './submit.ts'

/** Starts a subnet's emission and staking; signed by its owner's coldkey. */
export async function startCall(chain: Chain, options: { signer: Signer; netuid: number }): Promise<Submitted> {
  return await submit(chain, composeCall(chain, 'SubtensorModule', 'start_call', [options.netuid]), {
    signer: options.signer,
  })
}
