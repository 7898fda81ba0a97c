import { localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: 'Changes the time between blocks: 250ms, 12s, instant or manual.',
  usage: 'TIME',
  power: ([interval]) => ({
    method: 'localnet_setInterval',
    params: [interval],
    text: () => `Block interval ${interval}.`,
  }),
})
