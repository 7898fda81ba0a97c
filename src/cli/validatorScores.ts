import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import type { Explanation, Scores } from '../validator/scoresReport.ts'
import { defineCommand } from './command.ts'
import { address, json, port } from './settings.ts'
import { jsonText } from './table.ts'
import { explanationText } from './validator/explanationText.ts'
import { askValidator, withDatabase } from './validator/readScores.ts'
import { scoresText } from './validator/scoresText.ts'

export const command = defineCommand({
  summary: `Shows how a validator scores its miners; with --explain, every step of it for one of them.
It asks the validator that runs on this machine, or looks into the database of one that does not.`,
  settings: {
    uid: setting(z.coerce.number().int('give a whole number').min(0, 'give 0 or more').optional(), {
      help: 'only this miner',
      takes: 'N',
    }),
    hotkey: setting(address.optional(), { help: "only this miner, by its hotkey's address", takes: 'ADDRESS' }),
    explain: setting(z.boolean().default(false), { help: 'every step from its answers to its reward' }),
    'status.port': setting(port.optional(), {
      help: '--status.port of the validator that runs on this machine',
      takes: 'PORT',
    }),
    db: setting(z.string().optional(), { help: '--db of a validator that does not run', takes: 'PATH' }),
    ...json,
  },
  run: async ({ values }, io) => {
    const { uid, hotkey, explain } = values
    const [statusPort, path] = [values['status.port'], values.db]
    if (uid !== undefined && hotkey !== undefined)
      throw new InputError('--hotkey', hotkey, 'give it or --uid, not both')
    if ((statusPort === undefined) === (path === undefined)) {
      const mend = 'give --status.port of a running validator, or --db of one that does not run'
      throw new InputError('--status.port', statusPort, path === undefined ? mend : `${mend}, not both`)
    }
    if (!explain) {
      const scores = onlyOf(await readAll(statusPort, path), { uid, hotkey })
      io.print(values.json ? jsonText(scores) : scoresText(scores))
      return 0
    }
    const target = hotkey !== undefined ? { hotkey } : uid !== undefined ? { uid } : undefined
    if (target === undefined)
      throw new InputError('--uid', undefined, '--explain is of one miner: give --uid or --hotkey')
    const explanation = await readOne(statusPort, path, target)
    io.print(values.json ? jsonText(explanation) : explanationText(explanation))
    return 0
  },
})

async function readAll(statusPort: number | undefined, path: string | undefined): Promise<Scores> {
  if (statusPort !== undefined) {
    const { scoresSchema } = await import('../validator/scoresReport.ts')
    return await askValidator(statusPort, '', scoresSchema)
  }
  const { scoreLines } = await import('../validator/scoreLines.ts')
  return await withDatabase(path!, scoreLines)
}

async function readOne(
  statusPort: number | undefined,
  path: string | undefined,
  target: { readonly uid: number } | { readonly hotkey: string },
): Promise<Explanation> {
  if (statusPort !== undefined) {
    const { explanationSchema } = await import('../validator/scoresReport.ts')
    const query = 'uid' in target ? `?uid=${target.uid}` : `?hotkey=${target.hotkey}`
    return await askValidator(statusPort, query, explanationSchema)
  }
  const { explainScore } = await import('../validator/explainScore.ts')
  return await withDatabase(path!, (view) => explainScore(view, target))
}

/** @throws InputError for a miner that is not among them */
function onlyOf(scores: Scores, { uid, hotkey }: { uid: number | undefined; hotkey: string | undefined }): Scores {
  if (uid === undefined && hotkey === undefined) return scores
  const miners = scores.miners.filter((miner) => miner.uid === uid || miner.hotkey === hotkey)
  const [flag, value] = uid === undefined ? ['--hotkey', hotkey] : ['--uid', uid]
  if (miners.length === 0) throw new InputError(flag, value, 'no such miner serves an axon; without it all are shown')
  return { ...scores, miners }
}
