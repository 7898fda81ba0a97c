import type { Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Submitted, submit } from './submit.ts'

/** Stakes TAO to a hotkey: the amount is swapped for the subnet's alpha in its pool. Signed by the coldkey. */
export async function addStake(
  chain: Chain,
  options: { signer: Signer; hotkey: string; netuid: number; amount: Rao },
): Promise<Submitted> {
  const args = [options.hotkey, options.netuid, options.amount]
  return await submit(chain, composeCall(chain, 'SubtensorModule', 'add_stake', args), { signer: options.signer })
}
