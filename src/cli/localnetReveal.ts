import { blockText } from './blockText.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'

export const command = localnetPower({
  summary: "Makes blocks until a subnet's oldest weight commit can be revealed in the next one.",
  usage: 'NETUID',
  power: ([netuid]) => ({
    method: 'localnet_skipToReveal',
    params: [wholeNumber('NETUID', netuid!)],
    text: blockText,
  }),
})
