import type { Coldkey, Rao } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { type Read, readMany, readMap } from './readMany.ts'
import { asBigint, asColdkey, asNumber } from './values.ts'

export interface Subnet {
  readonly netuid: number
  readonly owner: Coldkey
  readonly neurons: number
  readonly maxNeurons: number
  readonly tempoBlocks: number
  /** TAO and alpha in the pool. */
  readonly taoIn: Rao
  readonly alphaIn: Rao
  readonly alphaOut: Rao
  /** Price of registering a hotkey, in rao. */
  readonly burn: Rao
  readonly started: boolean
}

/** Every subnet, root included, by netuid. */
export async function getSubnets(chain: Chain): Promise<Subnet[]> {
  const added = await readMap(chain, 'SubtensorModule', 'NetworksAdded')
  const netuids = added.map(({ keys }) => asNumber(keys[0])).sort((a, b) => a - b)
  const values = await readMany(
    chain,
    netuids.flatMap((netuid) => items.map((item): Read => ({ pallet: 'SubtensorModule', item, keys: [netuid] }))),
  )
  return netuids.map((netuid, i) => {
    const [owner, n, max, tempo, tao, alphaIn, alphaOut, burn, first] = values.slice(
      i * items.length,
      (i + 1) * items.length,
    )
    return {
      netuid,
      owner: asColdkey(owner),
      neurons: asNumber(n),
      maxNeurons: asNumber(max),
      tempoBlocks: asNumber(tempo),
      taoIn: asBigint(tao) as Rao,
      alphaIn: asBigint(alphaIn) as Rao,
      alphaOut: asBigint(alphaOut) as Rao,
      burn: asBigint(burn) as Rao,
      started: first !== undefined,
    }
  })
}

const items = [
  'SubnetOwner',
  'SubnetworkN',
  'MaxAllowedUids',
  'Tempo',
  'SubnetTAO',
  'SubnetAlphaIn',
  'SubnetAlphaOut',
  'Burn',
  'FirstEmissionBlockNumber',
] as const
