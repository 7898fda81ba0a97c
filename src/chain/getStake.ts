import type { Codec } from '@polkadot/types/types'
import type { Hotkey, Rao } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { readMany, readMap, readOne } from './readMany.ts'
import { asBigint, asHotkey, asList, asNumber, field } from './values.ts'

/** What one coldkey has staked to one hotkey on one subnet. */
export interface Stake {
  readonly hotkey: Hotkey
  readonly netuid: number
  /** Alpha; on root (netuid 0) TAO. */
  readonly amount: Rao
}

/** All stakes of a coldkey, largest first. */
export async function getStakes(chain: Chain, options: { coldkey: string }): Promise<Stake[]> {
  const hotkeys = asList(await readOne(chain, 'SubtensorModule', 'StakingHotkeys', [options.coldkey])).map(asHotkey)
  const stakes = await Promise.all(hotkeys.map((hotkey) => stakesOn(chain, hotkey, options.coldkey)))
  return stakes.flat().sort((a, b) => (a.amount < b.amount ? 1 : -1))
}

async function stakesOn(chain: Chain, hotkey: Hotkey, coldkey: string): Promise<Stake[]> {
  const shares = await readMap(chain, 'SubtensorModule', 'AlphaV2', [hotkey, coldkey])
  const netuids = shares.map(({ keys }) => asNumber(keys[2]))
  const totals = await readMany(
    chain,
    netuids.flatMap((netuid) => [
      { pallet: 'SubtensorModule', item: 'TotalHotkeyAlpha', keys: [hotkey, netuid] },
      { pallet: 'SubtensorModule', item: 'TotalHotkeySharesV2', keys: [hotkey, netuid] },
    ]),
  )
  return shares.flatMap(({ value }, i) => {
    const amount = shareOf(asBigint(totals[2 * i]), value, totals[2 * i + 1]!)
    return amount === 0n ? [] : [{ hotkey, netuid: netuids[i]!, amount }]
  })
}

/** total × share / all shares, rounded down; both are decimal floats. @see facts: emission.md, 7.4 */
function shareOf(total: bigint, share: Codec, all: Codec): Rao {
  const mantissa = (value: Codec): bigint => asBigint(field(value, 'mantissa'))
  const shift = asBigint(field(share, 'exponent')) - asBigint(field(all, 'exponent'))
  if (mantissa(all) === 0n) return 0n as Rao
  const numerator = total * mantissa(share)
  const scaled = shift >= 0n ? (numerator * 10n ** shift) / mantissa(all) : numerator / (mantissa(all) * 10n ** -shift)
  return scaled as Rao
}
