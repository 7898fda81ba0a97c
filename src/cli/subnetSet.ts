import { InputError } from '../base/errors.ts'
import { defineCommand } from './command.ts'
import { withChain } from './openChain.ts'
import { fundsSigner, neededNetuid, walletOf } from './openKeys.ts'
import { chainSettings, json, oneNetuid, spendSettings } from './settings.ts'
import { printSubmitted } from './submitted.ts'

const { yes: _asksNothing, ...signSettings } = spendSettings

export const command = defineCommand({
  summary: `Changes a setting of a subnet, as its owner or as the sudo key.
faculty subnet hyperparameters shows the names: faculty subnet set immunity_period 500 --netuid 2`,
  usage: 'NAME VALUE',
  settings: { ...oneNetuid, ...signSettings, ...chainSettings, ...json },
  run: async ({ values, positionals }, io) => {
    const [name, value, extra] = positionals
    if (name === undefined) throw new InputError('NAME', undefined, 'faculty subnet hyperparameters shows the names')
    if (value === undefined) throw new InputError('VALUE', undefined, `say what ${name} shall be`)
    if (extra !== undefined) throw new InputError('VALUE', `${value} ${extra}`, 'one setting at a time')
    const netuid = neededNetuid(values)
    const wallet = walletOf(values, io)
    return await withChain(values, async (chain) => {
      const { changeHyperparameter } = await import('../chain/changeHyperparameter.ts')
      const signer = await fundsSigner(wallet, values)
      const done = await changeHyperparameter(chain, { signer, netuid, name, value })
      const text = `Set ${name} of subnet ${netuid} to ${value}, as ${done.origin === 'root' ? 'the sudo key' : 'its owner'}.`
      printSubmitted(io, values, done, text, { netuid, name, value, origin: done.origin })
      return 0
    })
  },
})
