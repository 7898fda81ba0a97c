import { formatTokens } from '../base/units.ts'
import { defineCommand } from './command.ts'
import { confirm } from './confirm.ts'
import { withChain } from './openChain.ts'
import { fundsAddress, fundsSigner, hotkeyAddress, walletOf } from './openKeys.ts'
import { chainSettings, hotkeyAddressSettings, json, spendSettings } from './settings.ts'
import { printSubmitted } from './submitted.ts'

export const command = defineCommand({
  summary: `Creates a subnet.
The coldkey locks its cost and owns it, the hotkey becomes its first neuron.`,
  settings: { ...spendSettings, ...hotkeyAddressSettings, ...chainSettings, ...json },
  run: async ({ values }, io) => {
    const wallet = walletOf(values, io)
    const [owner, hotkey] = [await fundsAddress(wallet, values), await hotkeyAddress(wallet, values)]
    return await withChain(values, async (chain) => {
      const { getNetworkCost, registerNetwork } = await import('../chain/registerNetwork.ts')
      const cost = await getNetworkCost(chain)
      const what = `Create a subnet for ${formatTokens(cost)}, owned by ${owner}, with hotkey ${hotkey}.`
      if (!(await confirm(what, values, io))) return 1
      const done = await registerNetwork(chain, { signer: await fundsSigner(wallet, values), hotkey })
      const { netuid } = done
      const text = `Created subnet ${netuid}. It earns once it is started: faculty subnet start --netuid ${netuid}`
      printSubmitted(io, values, done, text, { netuid, owner, hotkey, costRao: cost })
      return 0
    })
  },
})
