import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { neededNetuid } from './openKeys.ts'
import { chainSettings, json, oneNetuid } from './settings.ts'
import { jsonText, table } from './table.ts'

const who = { owner: 'owner', root: 'sudo key', nobody: '' } as const

export const command = defineCommand({
  summary: "Shows a subnet's settings, what they mean and who may change them.",
  settings: { ...oneNetuid, ...chainSettings, ...json },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const { getHyperparameters, settingOf } = await import('../chain/hyperparameters.ts')
    const { found, settings } = await withChain(values, async (chain) => {
      const { needSubnet } = await import('../chain/needSubnet.ts')
      await needSubnet(chain, { netuid })
      const found = await getHyperparameters(chain, { netuid })
      return { found, settings: Object.keys(found).map((name) => settingOf(chain, name)!) }
    })
    if (values.json) {
      io.print(jsonText({ netuid, hyperparameters: found }))
      return 0
    }
    const rows = Object.entries(found).map(([name, value], i) => [name, value, who[settings[i]!.by], settings[i]!.help])
    io.print(table(['NAME', 'VALUE', 'SET BY', 'MEANING'], rows))
    return 0
  },
})
