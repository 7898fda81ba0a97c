import { formatTokens } from '../base/units.ts'
import { localnetPower } from './localnetPower.ts'
import { tokensOf } from './tokensOf.ts'

export const command = localnetPower({
  summary: 'Gives an account money: a thousand TAO unless said otherwise.',
  usage: 'ADDRESS [TAO]',
  power: ([address, amount]) => ({
    method: 'localnet_faucet',
    params: amount === undefined ? [address] : [address, tokensOf('TAO', amount).toString()],
    text: (result) => `${address} has ${formatTokens(BigInt(String(result)))}.`,
  }),
})
