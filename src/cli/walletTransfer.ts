import { z } from 'zod'
import { setting } from '../base/config.ts'
import { formatTokens } from '../base/units.ts'
import { defineCommand } from './command.ts'
import { confirm } from './confirm.ts'
import { withChain } from './openChain.ts'
import { fundsAddress, fundsSigner, needed, walletOf } from './openKeys.ts'
import { address, chainSettings, json, spendSettings, tokens } from './settings.ts'
import { printSubmitted } from './submitted.ts'

export const command = defineCommand({
  summary: 'Sends TAO from the coldkey to another address.',
  settings: {
    ...spendSettings,
    ...chainSettings,
    to: setting(address.optional(), {
      help: 'the address that receives',
      aliases: ['dest', 'destination'],
      short: 'd',
      takes: 'ADDRESS',
    }),
    amount: setting(tokens.optional(), { help: 'how much, in TAO', short: 'a', takes: 'TAO' }),
    'allow-death': setting(z.boolean().default(false), {
      help: 'the sender may be left with less than the existential deposit, and so be removed',
      aliases: ['allow_death'],
    }),
    ...json,
  },
  run: async ({ values }, io) => {
    const to = needed(values.to, '--to', 'give the address that receives')
    const amount = needed(values.amount, '--amount', 'say how much, in TAO')
    const wallet = walletOf(values, io)
    const from = await fundsAddress(wallet, values)
    return await withChain(values, async (chain) => {
      const { transfer, transferCall } = await import('../chain/transfer.ts')
      const { estimateFee } = await import('../chain/estimateFee.ts')
      const order = { to, amount, keepAlive: !values['allow-death'] }
      const fee = await estimateFee(chain, transferCall(chain, order), { address: from })
      const what = `Send ${formatTokens(amount)} from ${from} to ${to}, for a fee of ${formatTokens(fee)}.`
      if (!(await confirm(what, values, io))) return 1
      const done = await transfer(chain, { ...order, signer: await fundsSigner(wallet, values) })
      printSubmitted(io, values, done, `Sent ${formatTokens(amount)} to ${to}.`, { from, to, amountRao: amount })
      return 0
    })
  },
})
