import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { formatTokens, type Rao } from '../base/units.ts'
import type { Stake } from '../chain/getStake.ts'
import { defineCommand } from './command.ts'
import { confirm } from './confirm.ts'
import { withChain } from './openChain.ts'
import { fundsAddress, fundsSigner, hotkeyAddress, neededNetuid, walletOf } from './openKeys.ts'
import { chainSettings, hotkeyAddressSettings, json, oneNetuid, spendSettings, tokens } from './settings.ts'
import { printSubmitted } from './submitted.ts'

export const command = defineCommand({
  summary: `Unstakes a subnet's alpha from a hotkey.
It is swapped for TAO, at the price of the pool, which goes to the coldkey.`,
  settings: {
    ...oneNetuid,
    amount: setting(tokens.optional(), { help: 'how much, in alpha (on root in TAO)', short: 'a', takes: 'ALPHA' }),
    all: setting(z.boolean().default(false), { help: 'everything that the coldkey has there' }),
    ...spendSettings,
    ...hotkeyAddressSettings,
    ...chainSettings,
    ...json,
  },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    if ((values.amount === undefined) !== values.all) {
      throw new InputError('--amount', values.amount, 'say how much, or --all')
    }
    const wallet = walletOf(values, io)
    const [coldkey, hotkey] = [await fundsAddress(wallet, values), await hotkeyAddress(wallet, values)]
    return await withChain(values, async (chain) => {
      const { getStakes } = await import('../chain/getStake.ts')
      const { removeStake } = await import('../chain/removeStake.ts')
      const { stakeChange } = await import('../chain/stakeChange.ts')
      const staked = stakedAt(await getStakes(chain, { coldkey }), hotkey, netuid)
      const amount = values.amount ?? staked
      if (staked === 0n || amount > staked) {
        throw new InputError('--amount', formatTokens(amount, 'α'), `${formatTokens(staked, 'α')} is staked there`)
      }
      const what = `Unstake ${formatTokens(amount, 'α')} of ${coldkey} from hotkey ${hotkey} on subnet ${netuid}.`
      if (!(await confirm(what, values, io))) return 1
      const done = await removeStake(chain, { signer: await fundsSigner(wallet, values), hotkey, netuid, amount })
      const change = stakeChange(done)
      const text = `Unstaked ${formatTokens(change.alphaRao, 'α')} for ${formatTokens(change.taoRao)} on subnet ${netuid}.`
      printSubmitted(io, values, done, text, { netuid, hotkey, coldkey, ...change })
      return 0
    })
  },
})

function stakedAt(stakes: readonly Stake[], hotkey: string, netuid: number): Rao {
  return stakes.find((stake) => stake.hotkey === hotkey && stake.netuid === netuid)?.amount ?? (0n as Rao)
}
