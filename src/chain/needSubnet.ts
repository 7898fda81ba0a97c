import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { readOne } from './readMany.ts'

/** Of a subnet that is not there every item reads as its default, and a call about it may still cost its fee. @throws ChainError `not-found` */
export async function needSubnet(chain: Chain, { netuid }: { netuid: number }): Promise<void> {
  const added = await readOne(chain, 'SubtensorModule', 'NetworksAdded', [netuid])
  if (added?.toString() !== 'true') throw noSubnet(netuid)
}

export function noSubnet(netuid: number): ChainError {
  const mend = 'see faculty subnet list'
  return new ChainError(`subnet ${netuid} does not exist`, { code: 'not-found', what: `subnet ${netuid}` }, { mend })
}
