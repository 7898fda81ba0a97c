import { hexToU8a } from '@polkadot/util'
import type { Hash, Rao } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { rpc } from './readMany.ts'

/** What one alpha of a subnet costs in its pool before fee and slippage, in rao, as the chain itself reckons it. */
export async function getAlphaPrice(chain: Chain, options: { netuid: number; at?: Hash }): Promise<Rao> {
  const { netuid, at } = options
  const argument = Buffer.alloc(2)
  argument.writeUInt16LE(netuid)
  const call = ['SwapRuntimeApi_current_alpha_price', `0x${argument.toString('hex')}`]
  const answer = await rpc<string>(chain, 'state_call', at === undefined ? call : [...call, at])
  return Buffer.from(hexToU8a(answer)).readBigUInt64LE() as Rao
}
