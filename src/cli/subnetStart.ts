import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { fundsSigner, neededNetuid, walletOf } from './openKeys.ts'
import { chainSettings, json, oneNetuid, spendSettings } from './settings.ts'
import { printSubmitted } from './submitted.ts'

const { yes: _asksNothing, ...signSettings } = spendSettings

export const command = defineCommand({
  summary: `Starts a subnet's staking and emission, once.
Signed by its owner's coldkey.`,
  settings: { ...oneNetuid, ...signSettings, ...chainSettings, ...json },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const wallet = walletOf(values, io)
    return await withChain(values, async (chain) => {
      const { startCall } = await import('../chain/startCall.ts')
      const done = await startCall(chain, { signer: await fundsSigner(wallet, values), netuid })
      printSubmitted(io, values, done, `Started subnet ${netuid}.`, { netuid })
      return 0
    })
  },
})
