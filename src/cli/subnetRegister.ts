import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { formatTokens, type Rao } from '../base/units.ts'
import { defineCommand } from './command.ts'
import { confirm } from './confirm.ts'
import { withChain } from './openChain.ts'
import { fundsAddress, fundsSigner, hotkeyAddress, neededNetuid, walletOf } from './openKeys.ts'
import { chainSettings, hotkeyAddressSettings, json, oneNetuid, spendSettings, tokens } from './settings.ts'
import { printSubmitted } from './submitted.ts'

export const command = defineCommand({
  summary: `Registers the hotkey on a subnet.
The coldkey pays the price that the chain asks now.`,
  settings: {
    ...oneNetuid,
    ...spendSettings,
    ...hotkeyAddressSettings,
    'max-cost': setting(tokens.optional(), {
      help: 'pay at most this, or refuse; the price rises with each registration. Default: a quarter above the price now',
      aliases: ['max_cost', 'limit'],
      takes: 'TAO',
    }),
    ...chainSettings,
    ...json,
  },
  run: async ({ values }, io) => {
    const netuid = neededNetuid(values)
    const wallet = walletOf(values, io)
    const [coldkey, hotkey] = [await fundsAddress(wallet, values), await hotkeyAddress(wallet, values)]
    return await withChain(values, async (chain) => {
      const { burnedRegister, getBurn } = await import('../chain/burnedRegister.ts')
      const { hasCall } = await import('../chain/calls.ts')
      const { needSubnet } = await import('../chain/needSubnet.ts')
      await needSubnet(chain, { netuid })
      const cost = await getBurn(chain, { netuid })
      // Releases before 401 have no limit; where none was asked for, none is needed.
      const usual = hasCall(chain, 'SubtensorModule', 'register_limit') ? (((cost * 5n) / 4n) as Rao) : undefined
      const limit = values['max-cost'] ?? usual
      if (limit !== undefined && cost > limit) {
        throw new InputError('--max-cost', formatTokens(limit), `a registration costs ${formatTokens(cost)} now`)
      }
      const what = `Register hotkey ${hotkey} on subnet ${netuid} for ${formatTokens(cost)}, paid by ${coldkey}.`
      if (!(await confirm(what, values, io))) return 1
      const signer = await fundsSigner(wallet, values)
      const done = await burnedRegister(chain, { signer, hotkey, netuid, ...(limit === undefined ? {} : { limit }) })
      const text = `Registered ${hotkey} on subnet ${netuid} as uid ${done.uid}.`
      printSubmitted(io, values, done, text, { netuid, uid: done.uid, hotkey, coldkey, costRao: cost })
      return 0
    })
  },
})
