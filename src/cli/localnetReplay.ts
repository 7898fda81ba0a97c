import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { parseJson } from '../base/parse.ts'
import { defineCommand } from './command.ts'
import { readDocument } from './localnetDocument.ts'
import { json } from './settings.ts'
import { jsonText } from './table.ts'

export const command = defineCommand({
  summary: `Goes the way of a recorded run again, on a chain of its own, and compares the state of each block.
A regression test: exit code 1 at the first block that differs.`,
  usage: 'FILE',
  settings: json,
  run: async ({ values, positionals }, { print }) => {
    const [file, extra] = positionals
    if (file === undefined) throw new InputError('FILE', undefined, 'faculty localnet record stop writes one')
    if (extra !== undefined) throw new InputError('FILE', extra, 'give one file')
    const run = parseJson(z.unknown(), readDocument(file), 'FILE')
    const { startLocalnet } = await import('../localnet/startLocalnet.ts')
    const { runSchema } = await import('../localnet/dev/recordRun.ts')
    const { parseInput } = await import('../base/parse.ts')
    const recorded = parseInput(runSchema, run, file)
    const localnet = await startLocalnet({ port: 0, interval: 'manual', build: recorded.start.build })
    try {
      const replayed = localnet.replay(recorded)
      const { blocks, extrinsics, stateRoot } = replayed
      if (values.json) print(jsonText(replayed))
      else print(`The same state after ${blocks} blocks with ${extrinsics} extrinsics: ${stateRoot}.`)
      return 0
    } finally {
      await localnet.close()
    }
  },
})
