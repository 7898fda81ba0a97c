import { InputError } from '../base/errors.ts'
import { formatTokens, raoPerToken } from '../base/units.ts'
import { isAddress } from '../keys/ss58.ts'
import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { walletOf } from './openKeys.ts'
import { chainSettings, json, walletSettings } from './settings.ts'
import { jsonText, table } from './table.ts'

export const command = defineCommand({
  summary: 'Lists what a coldkey has staked, and its worth at the price of the pools.',
  usage: '[ADDRESS]',
  settings: { ...walletSettings, ...chainSettings, ...json },
  run: async ({ values, positionals }, io) => {
    const [given, extra] = positionals
    if (extra !== undefined) throw new InputError('ADDRESS', extra, 'one coldkey at a time')
    if (given !== undefined && !isAddress(given)) throw new InputError('ADDRESS', given, 'give an SS58 address')
    const coldkey = given ?? (await walletOf(values, io).coldkeypub()).address
    const stakes = await withChain(values, async (chain) => {
      const { getStakes } = await import('../chain/getStake.ts')
      const { getSubnets } = await import('../chain/getSubnets.ts')
      const [found, subnets] = await Promise.all([getStakes(chain, { coldkey }), getSubnets(chain)])
      const prices = new Map(subnets.map(({ netuid, priceRao }) => [netuid, priceRao]))
      return found.map(({ hotkey, netuid, amount }) => ({
        netuid,
        hotkey,
        amountRao: amount,
        worthRao: (amount * (prices.get(netuid) ?? 0n)) / raoPerToken,
      }))
    })
    if (values.json) io.print(jsonText({ coldkey, stakes }))
    else if (stakes.length === 0) io.print(`${coldkey} has staked nothing.`)
    else {
      const rows = stakes.map(({ netuid, hotkey, amountRao, worthRao }) => [
        String(netuid),
        hotkey,
        formatTokens(amountRao, netuid === 0 ? 'τ' : 'α'),
        formatTokens(worthRao),
      ])
      io.print(table(['NETUID', 'HOTKEY', 'STAKED', 'WORTH'], rows))
    }
    return 0
  },
})
