import type { Hash, Rao } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { readOne } from './readMany.ts'
import { asBigint, field } from './values.ts'

export interface Balance {
  readonly free: Rao
  readonly reserved: Rao
}

/** TAO of an account, in rao. An account that was never funded has 0. */
export async function getBalance(chain: Chain, options: { address: string; at?: Hash }): Promise<Balance> {
  const account = await readOne(chain, 'System', 'Account', [options.address], options.at)
  const data = field(account!, 'data')
  return { free: asBigint(field(data, 'free')) as Rao, reserved: asBigint(field(data, 'reserved')) as Rao }
}
