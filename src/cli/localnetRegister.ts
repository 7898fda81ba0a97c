import { setting } from '../base/config.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'
import { neededNetuid } from './openKeys.ts'
import { oneNetuid, tokens } from './settings.ts'

export const command = localnetPower({
  summary: 'Registers many neurons at once, with keys of their own: //neuron//NETUID//UID after the dev phrase.',
  usage: 'COUNT',
  settings: {
    ...oneNetuid,
    stake: setting(tokens.optional(), { help: 'alpha that each has staked on itself', takes: 'ALPHA' }),
    balance: setting(tokens.optional(), { help: 'TAO of each', takes: 'TAO' }),
  },
  power: ([count], { netuid, stake, balance }) => ({
    method: 'localnet_registerNeurons',
    params: [
      neededNetuid({ netuid: netuid as number | undefined }),
      wholeNumber('COUNT', count!),
      { stake: stake?.toString(), balance: balance?.toString() },
    ],
    text: (result) => {
      const neurons = result as { uid: number; uri: string }[]
      return `Registered uids ${neurons[0]!.uid} to ${neurons.at(-1)!.uid}, ${neurons[0]!.uri} to ${neurons.at(-1)!.uri}.`
    },
  }),
})
