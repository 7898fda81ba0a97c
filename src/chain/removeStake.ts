import type { Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Submitted, submit } from './submit.ts'

/** Unstakes alpha from a hotkey: it is swapped for TAO in the subnet's pool. Signed by the coldkey. */
export async function removeStake(
  chain: Chain,
  options: { signer: Signer; hotkey: string; netuid: number; amount: Rao },
): Promise<Submitted> {
  const args = [options.hotkey, options.netuid, options.amount]
  return await submit(chain, composeCall(chain, 'SubtensorModule', 'remove_stake', args), { signer: options.signer })
}
