import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { packagePath } from '../base/packagePath.ts'
import { parseJson } from '../base/parse.ts'
import { generateTasks } from '../domain/generateTasks.ts'
import { builtInDomains, loadMiner, loadValidator } from '../domain/load.ts'
import { manifestSchema } from '../domain/manifest.ts'
import { defineCommand } from './command.ts'
import { baselines } from './eval/baselines.ts'
import { compareFormats, comparisonText, type FormatComparison } from './eval/compareFormats.ts'
import { evaluateModel, type ModelReport, seed } from './eval/evaluateModel.ts'
import { reportText } from './eval/reportText.ts'
import { tasksOf } from './eval/sets.ts'
import { withEngine } from './eval/withEngine.ts'
import { count, dtype, dtypeSettings, json } from './settings.ts'
import { jsonText } from './table.ts'

const trainingSample = 2_000

export const command = defineCommand({
  summary: `Examines models by real decoding on tasks that none was trained on.
FOLDER is a miner with its manifest, or one model. Other seeds, sentences and ranges, numbers with more digits, other words and
other domains' questions; beside them what chance, the commonest answer and the nearest training question get right.`,
  usage: 'FOLDER',
  settings: {
    domain: setting(z.string().optional(), { help: "of a model that stands outside a miner's folder", takes: 'NAME' }),
    count: setting(count.default(40), { help: 'tasks of each family in each set', takes: 'N' }),
    ...dtypeSettings,
    compare: setting(dtype, {
      help: 'instead, how many answers differ in this number format, over tasks from fresh seeds',
      takes: 'NAME',
    }),
    ...json,
  },
  run: async ({ values, positionals }, io) => {
    const [path, extra] = positionals
    if (path === undefined) throw new InputError('FOLDER', '', 'give one, e.g. miners/law or miners/law/expert')
    if (extra !== undefined) throw new InputError('FOLDER', extra, 'one at a time')
    const { domain, folders, families: trained } = await candidates(path, values.domain)
    const validator = await loadValidator(domain)
    const families = trained ?? validator.families.map(({ name }) => name)
    const { count: each, 'model.dtype': own, compare } = values
    const fresh = tasksOf(validator, 'seeds', { seed, each, families })
    if (compare !== undefined) {
      const models: FormatComparison[] = []
      for (const folder of folders) {
        io.note(`comparing ${folder}`)
        models.push(
          await compareFormats(folder, [own ?? 'fp32', compare], { validator, tasks: fresh, signal: io.stop }),
        )
      }
      io.print(values.json ? jsonText({ domain, families, each, models }) : comparisonText(models, each))
      return 0
    }
    const others = await Promise.all(builtInDomains.filter((other) => other !== domain).map(loadValidator))
    const examination = { validator, families, each, others, signal: io.stop }
    const models: ModelReport[] = []
    for (const folder of folders) {
      io.note(`examining ${folder}`)
      models.push(await withEngine({ folder, dtype: own }, (engine) => evaluateModel(engine, examination)))
    }
    const training = [
      ...generateTasks(validator, { seed: 1_000_000, count: trainingSample, families, set: 'training' }),
    ]
    const report = { domain, families, each, models, baselines: baselines(validator, fresh, training) }
    io.print(values.json ? jsonText(report) : reportText(report))
    return 0
  },
})

interface Candidates {
  readonly domain: string
  readonly folders: readonly string[]
  /** What the manifest says that they were trained on. */
  readonly families?: readonly string[]
}

async function candidates(path: string, domain: string | undefined): Promise<Candidates> {
  const folder = resolve(path)
  const miner = [folder, dirname(folder)].find((place) => existsSync(join(place, 'manifest.json')))
  if (miner === undefined) {
    if (domain !== undefined) return { domain, folders: [folder] }
    throw new InputError('--domain', '', `${path} is no miner's folder: say of which domain the model is`)
  }
  const file = join(miner, 'manifest.json')
  const { models, families } = parseJson(manifestSchema, readFileSync(file, 'utf8'), file)
  // What runs elsewhere has no folder here.
  const all = Object.values(models).flatMap((model) => ('folder' in model ? [join(miner, model.folder)] : []))
  return {
    domain: domain ?? (await domainOf(miner)),
    folders: miner === folder ? all : [folder],
    ...(families !== undefined && { families }),
  }
}

/** A shipped miner is called by its name: its code lies elsewhere than its models. */
async function domainOf(miner: string): Promise<string> {
  const name = relative(packagePath('miners'), miner)
  const shipped = builtInDomains.find((domain) => domain === name)
  return shipped ?? (await loadMiner(miner)).definition.domains[0]!
}
