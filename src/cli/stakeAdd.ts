import { setting } from '../base/config.ts'
import { formatTokens } from '../base/units.ts'
import { defineCommand } from './command.ts'
import { confirm } from './confirm.ts'
import { withChain } from './openChain.ts'
import { fundsAddress, fundsSigner, hotkeyAddress, needed, neededNetuid, walletOf } from './openKeys.ts'
import { chainSettings, hotkeyAddressSettings, json, oneNetuid, spendSettings, tokens } from './settings.ts'
import { printSubmitted } from './submitted.ts'

export const command = defineCommand({
  summary: `Stakes TAO of the coldkey to a hotkey.
It is swapped for the subnet's alpha at the price of its pool.`,
  settings: {
    ...oneNetuid,
    amount: setting(tokens.optional(), { help: 'how much, in TAO', short: 'a', takes: 'TAO' }),
    ...spendSettings,
    ...hotkeyAddressSettings,
    ...chainSettings,
    ...json,
  },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const amount = needed(values.amount, '--amount', 'say how much, in TAO')
    const wallet = walletOf(values, io)
    const [coldkey, hotkey] = [await fundsAddress(wallet, values), await hotkeyAddress(wallet, values)]
    return await withChain(values, async (chain) => {
      const { addStake } = await import('../chain/addStake.ts')
      const { stakeChange } = await import('../chain/stakeChange.ts')
      const { needSubnet } = await import('../chain/needSubnet.ts')
      await needSubnet(chain, { netuid })
      const what = `Stake ${formatTokens(amount)} of ${coldkey} to hotkey ${hotkey} on subnet ${netuid}.`
      if (!(await confirm(what, values, io))) return 1
      const done = await addStake(chain, { signer: await fundsSigner(wallet, values), hotkey, netuid, amount })
      const change = stakeChange(done)
      const text = `Staked ${formatTokens(change.taoRao)} for ${formatTokens(change.alphaRao, 'α')} to ${hotkey} on subnet ${netuid}.`
      printSubmitted(io, values, done, text, { netuid, hotkey, coldkey, ...change })
      return 0
    })
  },
})
