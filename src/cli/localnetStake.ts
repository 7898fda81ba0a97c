import { setting } from '../base/config.ts'
import { localnetPower } from './localnetPower.ts'
import { neededNetuid } from './openKeys.ts'
import { address, oneNetuid } from './settings.ts'
import { tokensOf } from './tokensOf.ts'

export const command = localnetPower({
  summary: "Sets a stake out of nothing, in the subnet's alpha: whose it is, the hotkey's owner unless said otherwise.",
  usage: 'HOTKEY ALPHA',
  settings: {
    ...oneNetuid,
    coldkey: setting(address.optional(), { help: 'owner of the stake', takes: 'ADDRESS' }),
  },
  power: ([hotkey, amount], { netuid, coldkey }) => ({
    method: 'localnet_setStake',
    params: [
      hotkey,
      neededNetuid({ netuid: netuid as number | undefined }),
      tokensOf('ALPHA', amount!).toString(),
      coldkey,
    ],
    text: () => `${hotkey} has ${amount} staked on subnet ${netuid}.`,
  }),
})
