import { writeDocument } from './localnetDocument.ts'
import { localnetPower } from './localnetPower.ts'
import { needWritable } from './needWritable.ts'

export const command = localnetPower({
  summary: `Writes the chain as it is into a file: JSON, gzipped where the name ends in .gz.
faculty localnet load starts from it.`,
  usage: 'FILE',
  power: ([file]) => {
    needWritable('FILE', file!)
    return {
      method: 'localnet_dumpState',
      params: [],
      save: (result) => writeDocument(file!, result),
      text: (result) => {
        const { state } = result as { state: Readonly<Record<string, string>> }
        return `Wrote ${Object.keys(state).length} keys to ${file}.`
      },
    }
  },
})
