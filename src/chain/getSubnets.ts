import { type Coldkey, type Rao, raoPerToken } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { type Read, readMany, readMap } from './readMany.ts'
import { asBigint, asBytes, asColdkey, asNumber } from './values.ts'

export interface Subnet {
  readonly netuid: number
  /** The sign of its alpha token. */
  readonly symbol: string
  readonly owner: Coldkey
  readonly neurons: number
  readonly maxNeurons: number
  readonly tempoBlocks: number
  /** TAO and alpha in the pool. */
  readonly taoIn: Rao
  readonly alphaIn: Rao
  readonly alphaOut: Rao
  /** What one alpha costs in its pool before fee and slippage, in rao, at the pool's usual equal weights. */
  readonly priceRao: Rao
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
    const [owner, symbol, n, max, tempo, tao, alphaIn, alphaOut, burn, first] = values.slice(
      i * items.length,
      (i + 1) * items.length,
    )
    return {
      netuid,
      symbol: symbol === undefined ? 'α' : new TextDecoder().decode(asBytes(symbol)),
      owner: asColdkey(owner),
      neurons: asNumber(n),
      maxNeurons: asNumber(max),
      tempoBlocks: asNumber(tempo),
      taoIn: asBigint(tao) as Rao,
      alphaIn: asBigint(alphaIn) as Rao,
      alphaOut: asBigint(alphaOut) as Rao,
      priceRao: priceOf(netuid, asBigint(tao), asBigint(alphaIn)),
      burn: asBigint(burn) as Rao,
      started: first !== undefined,
    }
  })
}

/** Root's stake is TAO itself. @see facts: subtensor-chain.md, prices and swaps */
function priceOf(netuid: number, taoIn: bigint, alphaIn: bigint): Rao {
  if (netuid === 0) return raoPerToken as Rao
  return (alphaIn === 0n ? 0n : (taoIn * raoPerToken) / alphaIn) as Rao
}

const items = [
  'SubnetOwner',
  'TokenSymbol',
  'SubnetworkN',
  'MaxAllowedUids',
  'Tempo',
  'SubnetTAO',
  'SubnetAlphaIn',
  'SubnetAlphaOut',
  'Burn',
  'FirstEmissionBlockNumber',
] as const
