import { localnetPower } from './localnetPower.ts'
import { tokensOf } from './tokensOf.ts'

export const command = localnetPower({
  summary: 'Sets what an account has, in TAO.',
  usage: 'ADDRESS TAO',
  power: ([address, amount]) => ({
    method: 'localnet_setBalance',
    params: [address, tokensOf('TAO', amount!).toString()],
    text: () => `${address} has ${amount} TAO.`,
  }),
})
