import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { withoutControls } from '../base/withoutControls.ts'
import type { Benchmark } from '../domain/benchmarks/benchmark.ts'
import { benchmarkNamed, benchmarks } from '../domain/benchmarks/benchmarks.ts'
import { type OutcomeEvent, runBenchmark } from '../domain/benchmarks/runBenchmark.ts'
import { sampleGroups } from '../domain/benchmarks/sampleGroups.ts'
import { makeReport, reportText } from './benchmark/benchmarkReport.ts'
import { chooseAsker } from './benchmark/chooseAsker.ts'
import { type AnswersFile, openAnswersFile } from './benchmark/openAnswersFile.ts'
import { type CommandIo, defineCommand } from './command.ts'
import { needWritable } from './needWritable.ts'
import { needed } from './openKeys.ts'
import {
  chainSettings,
  count,
  json,
  oneNetuid,
  passwordSettings,
  upstreamModelSettings,
  walletSettings,
} from './settings.ts'
import { jsonText, percent } from './table.ts'

const names = benchmarks.map(({ name }) => name).join(', ')

const noteEveryMs = 10_000
/** As a shell reports a program that Ctrl-C ended. */
const stoppedCode = 130

export const command = defineCommand({
  summary:
    'Runs a public benchmark against a miner, a gateway, an inference server or a local model and prints its accuracy.',
  settings: {
    dataset: setting(z.string().optional(), { help: names, takes: 'NAME' }),
    path: setting(z.string().optional(), { help: 'where the set lies on this machine', takes: 'PATH' }),
    split: setting(z.string().optional(), { help: "one of the set's; see faculty benchmark list", takes: 'NAME' }),
    limit: setting(count.optional(), { help: 'questions drawn at most; LegalBench: of each task', takes: 'N' }),
    seed: setting(z.string().default('0'), { help: 'for the draw: any text or number', takes: 'N' }),
    engine: setting(z.string().optional(), { help: "ask a local model: a decoder's folder", takes: 'FOLDER' }),
    device: setting(z.string().optional(), { help: 'for --engine: cuda, webgpu, cpu; default cpu', takes: 'LIST' }),
    upstream: setting(z.string().optional(), {
      help: 'ask OpenAI-compatible servers (vLLM, SGLang, llama.cpp, TGI), comma-separated',
      takes: 'URL',
    }),
    ...upstreamModelSettings,
    'upstream.model': { ...upstreamModelSettings['upstream.model'], help: 'the model as those servers name it' },
    miner: setting(z.coerce.number().int().min(0).max(65_535).optional(), {
      help: 'ask a miner of the subnet, by the hotkey of the wallet',
      takes: 'UID',
    }),
    gateway: setting(z.url({ protocol: /^https?$/, error: 'give an http:// or https:// address' }).optional(), {
      help: 'ask the subnet through a gateway',
      takes: 'URL',
    }),
    domain: setting(z.string().optional(), { help: "asked of miners; default: the set's own", takes: 'NAME' }),
    'max-tokens': setting(count.default(512), { help: 'length of an answer at most', takes: 'N' }),
    timeout: setting(count.default(60_000), { help: 'for one answer', takes: 'MS' }),
    concurrency: setting(count.optional(), {
      help: 'questions in flight; default 1 for a local model, else 4',
      takes: 'N',
    }),
    'allow-non-commercial': setting(z.string().optional(), {
      help: 'sets and tasks that you use for no commerce, by name, e.g. legalbench/consumer_contracts_qa',
      takes: 'LIST',
    }),
    answers: setting(z.string().optional(), {
      help: 'write each answer here as a line of JSON; keep to the licence of the set',
      takes: 'FILE',
    }),
    ...oneNetuid,
    ...walletSettings,
    ...passwordSettings,
    ...chainSettings,
    ...json,
  },
  run: async ({ values }, io) => {
    const benchmark = benchmarkNamed(needed(values.dataset, '--dataset', `name one of ${names}`))
    const path = needed(values.path, '--path', `give the place of the set; it comes from ${benchmark.from}`)
    const split = splitOf(benchmark, values.split)
    const allowed = new Set(values['allow-non-commercial']?.split(',').map((name) => name.trim()))
    const loaded = benchmark.load({ path, split, allowed })
    const available = loaded.groups.reduce((sum, { items }) => sum + items.length, 0)
    if (available === 0) throw new InputError('--path', path, `it has no questions of the split ${split}`)
    const { limit, seed } = values
    const groups = sampleGroups(loaded.groups, { limit, each: benchmark.total === 'mean', seed })
    const settings = {
      domain: values.domain ?? benchmark.domain,
      maxTokens: values['max-tokens'],
      timeoutMs: values.timeout,
    }
    if (values.answers !== undefined) needWritable('--answers', values.answers)
    const asker = await chooseAsker(values, settings, io)
    const asked = groups.reduce((sum, { items }) => sum + items.length, 0)
    const progress = progressNotes(asked, io)
    let answers: AnswersFile | undefined
    try {
      // Not before somebody can be asked: it empties the file, which may hold another run's answers.
      answers = values.answers === undefined ? undefined : openAnswersFile(values.answers)
      const result = await runBenchmark({
        benchmark,
        groups,
        ask: asker.ask,
        concurrency: values.concurrency ?? (values.engine === undefined ? 4 : 1),
        signal: io.stop,
        onOutcome: (event) => {
          answers?.write(event)
          progress(event)
        },
      })
      const { files, notes } = loaded
      const about = { split, files, notes, available, seed, model: asker.model, asked: asker.about }
      const report = makeReport(benchmark, { ...about, ...result })
      // Why there was no answer is told in a gateway's words.
      io.print(values.json ? jsonText(report) : withoutControls(reportText(report)))
      return 0
    } catch (error) {
      if (!io.stop.aborted) throw error
      io.note('stopped before the end: nothing is reported')
      return stoppedCode
    } finally {
      await asker.close()
      answers?.close()
    }
  },
})

/** Says every few seconds how far it is. */
function progressNotes(all: number, io: CommandIo): (event: OutcomeEvent) => void {
  let [done, right, lastMs] = [0, 0, performance.now()]
  return ({ outcome }) => {
    done++
    if (outcome.mark?.isRight === true) right++
    if (performance.now() - lastMs < noteEveryMs) return
    lastMs = performance.now()
    io.note(`${done} of ${all} asked, ${percent(right / done)} right so far`)
  }
}

function splitOf({ splits }: Benchmark, given: string | undefined): string {
  if (given === undefined) return splits[0]!
  if (splits.includes(given)) return given
  throw new InputError('--split', given, `this set has ${splits.join(', ')}`)
}
