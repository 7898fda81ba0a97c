import { writeDocument } from './localnetDocument.ts'
import { localnetPower } from './localnetPower.ts'

export const command = localnetPower({
  summary: `Writes the chain as it is into a file: JSON, gzipped where the name ends in .gz.
faculty localnet load starts from it.`,
  usage: 'FILE',
  power: ([file]) => ({
    method: 'localnet_dumpState',
    params: [],
    text: (result) => {
      const { state } = result as { state: Readonly<Record<string, string>> }
      writeDocument(file!, result)
      return `Wrote ${Object.keys(state).length} keys to ${file}.`
    },
  }),
})
