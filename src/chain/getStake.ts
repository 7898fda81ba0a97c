import type { Hotkey, Rao } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { hasStorage, type Read, readMany, readMap, readOne } from './readMany.ts'
import { noShares, type Shares, shareOf, sharesInFixed, sharesInFloat } from './shares.ts'
import { asBigint, asHotkey, asList, asNumber } from './values.ts'

/** What one coldkey has staked to one hotkey on one subnet. */
export interface Stake {
  readonly hotkey: Hotkey
  readonly netuid: number
  /** Alpha; on root (netuid 0) TAO. */
  readonly amount: Rao
}

const pallet = 'SubtensorModule'

/** All stakes of a coldkey, largest first. */
export async function getStakes(chain: Chain, options: { coldkey: string }): Promise<Stake[]> {
  const hotkeys = asList(await readOne(chain, pallet, 'StakingHotkeys', [options.coldkey])).map(asHotkey)
  const stakes = await Promise.all(hotkeys.map((hotkey) => stakesOn(chain, hotkey, options.coldkey)))
  return stakes.flat().sort((a, b) => (a.amount < b.amount ? 1 : -1))
}

async function stakesOn(chain: Chain, hotkey: Hotkey, coldkey: string): Promise<Stake[]> {
  const shares = await sharesBySubnet(chain, hotkey, coldkey)
  const netuids = [...shares.keys()]
  const old = hasStorage(chain, pallet, 'TotalHotkeyShares')
  const items = ['TotalHotkeyAlpha', 'TotalHotkeySharesV2', ...(old ? ['TotalHotkeyShares'] : [])]
  const totals = await readMany(
    chain,
    netuids.flatMap((netuid) => items.map((item): Read => ({ pallet, item, keys: [hotkey, netuid] }))),
  )
  return netuids.flatMap((netuid, i) => {
    const [alpha, float, fixed] = totals.slice(i * items.length, (i + 1) * items.length)
    const all = sharesInFloat(float!)
    const amount = shareOf(
      asBigint(alpha),
      shares.get(netuid)!,
      all.numerator === 0n && fixed !== undefined ? sharesInFixed(fixed) : all,
    )
    return amount === 0n ? [] : [{ hotkey, netuid, amount: amount as Rao }]
  })
}

/**
 * A coldkey's shares of a hotkey's stake, by netuid. Shares that were not touched since spec 401 still lie in the map of
 * before, `Alpha`.
 *
 * @see facts: subtensor-chain.md, stake bookkeeping
 */
async function sharesBySubnet(chain: Chain, hotkey: Hotkey, coldkey: string): Promise<Map<number, Shares>> {
  const [old, current] = await Promise.all([
    hasStorage(chain, pallet, 'Alpha') ? readMap(chain, pallet, 'Alpha', [hotkey, coldkey]) : [],
    readMap(chain, pallet, 'AlphaV2', [hotkey, coldkey]),
  ])
  const shares = new Map<number, Shares>()
  for (const { keys, value } of old) shares.set(asNumber(keys[2]), sharesInFixed(value))
  for (const { keys, value } of current) {
    const found = sharesInFloat(value)
    if (found.numerator !== 0n || !shares.has(asNumber(keys[2]))) shares.set(asNumber(keys[2]), found)
  }
  return new Map([...shares].filter(([, found]) => found.numerator !== noShares.numerator))
}
