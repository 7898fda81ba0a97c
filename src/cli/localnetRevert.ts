import { blockText } from './blockText.ts'
import { localnetPower, wholeNumber } from './localnetPower.ts'

export const command = localnetPower({
  summary: 'Goes back to a snapshot. It stays; later ones are gone.',
  usage: 'SNAPSHOT',
  power: ([id]) => ({
    method: 'localnet_revert',
    params: [wholeNumber('SNAPSHOT', id!)],
    text: blockText,
  }),
})
