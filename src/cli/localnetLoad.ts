import { blockText } from './blockText.ts'
import { packedDocument } from './localnetDocument.ts'
import { localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: 'Makes the localnet the chain of a file that faculty localnet dump wrote.',
  usage: 'FILE',
  power: ([file]) => ({
    method: 'localnet_loadState',
    params: [packedDocument(file!)],
    text: blockText,
  }),
})
