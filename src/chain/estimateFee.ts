import type { Rao } from '../base/units.ts'
import { type Chain, withTimeout } from './connect.ts'
import type { CallToSubmit } from './submit.ts'
import { asBigint } from './values.ts'

/** What the chain would charge for including this call, in rao, as its `query_info` says. */
export async function estimateFee(chain: Chain, call: CallToSubmit, options: { address: string }): Promise<Rao> {
  const info = await withTimeout(chain, 'query_info', call.paymentInfo(options.address))
  return asBigint(info.partialFee) as Rao
}
