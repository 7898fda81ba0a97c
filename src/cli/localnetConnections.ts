import { InputError } from '../base/errors.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'

export const command = localnetPower({
  summary: `Disturbs clients: pause leaves all connections open and silent, drop cuts them and turns new ones away.
faculty localnet connections pause 5000, faculty localnet connections drop 2000`,
  usage: 'pause|drop MILLISECONDS',
  power: ([what, ms]) => {
    if (what !== 'pause' && what !== 'drop') throw new InputError('pause|drop', what, 'give pause or drop')
    return {
      method: what === 'pause' ? 'localnet_pauseConnections' : 'localnet_dropConnections',
      params: [wholeNumber('MILLISECONDS', ms!)],
      text: () => (what === 'pause' ? `Silent for ${ms} ms.` : `Cut; nobody connects for ${ms} ms.`),
    }
  },
})
