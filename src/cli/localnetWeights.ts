import { z } from 'zod'
import { setting } from '../base/config.ts'
import { parseJson } from '../base/parse.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'
import { neededNetuid } from './openKeys.ts'
import { oneNetuid } from './settings.ts'

const pairs = z.array(z.tuple([z.number(), z.number()]))

export const command = localnetPower({
  summary: `Sets a neuron's weights, whatever it may: pairs of uid and weight.
faculty localnet weights 3 '[[1, 100], [2, 50]]' --netuid 1`,
  usage: 'UID JSON',
  settings: {
    ...oneNetuid,
    mechanism: setting(z.coerce.number().int().min(0).default(0), { help: 'mechanism of the subnet', takes: 'N' }),
  },
  power: ([uid, weights], { netuid, mechanism }) => ({
    method: 'localnet_forceWeights',
    params: [
      neededNetuid({ netuid: netuid as number | undefined }),
      wholeNumber('UID', uid!),
      parseJson(pairs, weights!, 'JSON'),
      mechanism,
    ],
    text: () => `Set the weights of uid ${uid} on subnet ${netuid}.`,
  }),
})
