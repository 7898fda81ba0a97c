import { jsonOrText, localnetPower } from './localnetPower.ts'
import { oneNetuid } from './settings.ts'

export const command = localnetPower({
  summary: `Changes a hyperparameter as root, by btcli's name, freeze window or not; without --netuid one of the chain.
faculty localnet set tempo 20 --netuid 1`,
  usage: 'NAME VALUE',
  settings: oneNetuid,
  power: ([name, value], { netuid }) => ({
    method: 'localnet_setHyperparameter',
    params: [name, jsonOrText(value!), netuid],
    text: () => `Set ${name} to ${value}.`,
  }),
})
