import { z } from 'zod'
import { setting } from '../base/config.ts'
import { FacultyError } from '../base/errors.ts'
import { defineCommand } from './command.ts'
import { minerStatusText } from './miner/minerStatusText.ts'
import { runningMiner } from './miner/runningMiner.ts'
import { minerTarget, minerTargetSettings, neuronOf } from './minerTarget.ts'
import { withChain } from './openChain.ts'
import { neededNetuid } from './openKeys.ts'
import { chainSettings, json, port } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: `Shows how a miner stands: incentive, emission, rank, immunity, pruning, who weighs it and who asks it.
Any neuron of any chain, by --uid or --hotkey; without them the wallet's own.`,
  settings: {
    ...minerTargetSettings,
    days: setting(z.coerce.number().int('give a whole number').min(0, 'give 0 or more').default(7), {
      help: 'earlier days to show, as far as the node keeps them; an archive node keeps all',
      takes: 'N',
    }),
    'status.port': setting(port.optional(), {
      help: '--status.port of the miner that runs on this machine, which knows who asks it',
      takes: 'PORT',
    }),
    ...chainSettings,
    ...json,
  },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const target = await minerTarget(values, io)
    const report = await withChain(values, async (chain) => {
      const { minerReport } = await import('./miner/minerReport.ts')
      return await minerReport(chain, { netuid, days: values.days, find: (metagraph) => neuronOf(metagraph, target) })
    })
    if (report === undefined) {
      const hotkey = 'hotkey' in target ? target.hotkey : ''
      throw new FacultyError(
        `hotkey ${hotkey} is not registered on subnet ${netuid}`,
        { code: 'not-registered' },
        { mend: `register it: faculty subnet register --netuid ${netuid}` },
      )
    }
    const statusPort = values['status.port']
    const running = statusPort === undefined ? undefined : await runningMiner(statusPort)
    if (values.json) io.print(jsonText({ ...report, running: running ?? null }))
    else io.print(minerStatusText(report, running, Date.now()))
    return 0
  },
})
