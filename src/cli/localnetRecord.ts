import { InputError } from '../base/errors.ts'
import { blockText } from './blockText.ts'
import { writeDocument } from './localnetDocument.ts'
import { localnetPower } from './localnetPower.ts'
import { needWritable } from './needWritable.ts'

export const command = localnetPower({
  summary: `Records a run: start, then stop with a file, JSON or gzipped where the name ends in .gz.
faculty localnet replay goes the same way again and compares the state of each block.`,
  usage: 'start|stop [FILE]',
  power: ([what, file]) => {
    if (what === 'start') {
      return { method: 'localnet_startRecording', params: [], text: (result) => `Recording from ${blockText(result)}` }
    }
    if (what !== 'stop') throw new InputError('start|stop', what, 'give start or stop')
    if (file === undefined) throw new InputError('FILE', undefined, 'say where to write the run')
    // Once it is stopped, the localnet keeps nothing of it.
    needWritable('FILE', file)
    return {
      method: 'localnet_stopRecording',
      params: [],
      save: (result) => writeDocument(file, result),
      text: (result) => `Wrote ${(result as { entries: unknown[] }).entries.length} entries to ${file}.`,
    }
  },
})
