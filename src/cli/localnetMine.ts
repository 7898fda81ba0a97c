import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { blockText } from './blockText.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'

export const command = localnetPower({
  summary: `Makes blocks at once: so many, or up to and with a subnet's next epoch.
faculty localnet mine 10, faculty localnet mine --epoch 2`,
  usage: '[BLOCKS]',
  settings: {
    epoch: setting(z.coerce.number().int().min(0).max(65_535).optional(), { help: 'the subnet', takes: 'NETUID' }),
  },
  power: ([blocks], { epoch }) => {
    if (epoch !== undefined && blocks !== undefined)
      throw new InputError('BLOCKS', blocks, 'give it or --epoch, not both')
    return {
      method: epoch === undefined ? 'localnet_mine' : 'localnet_mineToEpoch',
      params: [epoch ?? wholeNumber('BLOCKS', blocks ?? '1')],
      text: blockText,
    }
  },
})
