import { z } from 'zod'
import { type SettingValues, setting } from '../base/config.ts'
import { FacultyError, InputError, messageOf } from '../base/errors.ts'
import { type EpochState, nextEpochBlock } from '../chain/epochClock.ts'
import { getMetagraph, type Metagraph } from '../chain/getMetagraph.ts'
import { builtInDomains } from '../domain/load.ts'
import { type CommandIo, defineCommand } from './command.ts'
import { count, json } from './settings.ts'
import { jsonText } from './table.ts'
import {
  addEmission,
  bestBlock,
  type EmissionAccount,
  type EpochRecord,
  emissionOf,
  followEpochs,
} from './up/followEpochs.ts'
import { type LocalRun, startLocalRun } from './up/localRun.ts'
import { neuronRows, type Report, totalAnswers } from './up/report.ts'
import { localSettings } from './up/setUp.ts'
import { type ValidatorStatus, validatorStatus } from './up/validatorStatus.ts'
import { makePainter, neuronTable, sceneText } from './up/view.ts'

const anyPort = z.coerce.number().int().min(0).max(65535, 'give a port from 0 (any free one) to 65535')

const settings = {
  ...json,
  epochs: setting(count.optional(), {
    help: 'stop after so many epochs in which weights of every querying validator were in force',
    takes: 'N',
  }),
  port: setting(anyPort.default(9944), { help: "the chain's port; 0 takes any free one", takes: 'PORT' }),
  'gateway.port': setting(anyPort.default(8080), { help: "the gateway's port; 0 takes any free one", takes: 'PORT' }),
  'axon.port': setting(anyPort.default(8091), { help: "the first miner's port, the others follow", takes: 'PORT' }),
  interval: setting(z.string().default('250ms'), {
    help: 'time between blocks',
    aliases: ['block-time'],
    takes: 'TIME',
  }),
  tempo: setting(z.coerce.number().int().min(1).max(65535).default(20), { help: 'blocks between epochs', takes: 'N' }),
  domains: setting(z.string().default(builtInDomains.join(',')), { help: 'which, comma-separated', takes: 'LIST' }),
  models: setting(z.string().optional(), {
    help: 'folder with model folders DOMAIN/expert and DOMAIN/novice in place of those of the package',
    takes: 'DIR',
  }),
  seed: setting(z.string().optional(), {
    help: "seed of the validators' tasks; a fresh one if not given",
    takes: 'TEXT',
  }),
  dir: setting(z.string().optional(), {
    help: 'keep wallets, logs and databases here; otherwise they are deleted at the end',
    takes: 'DIR',
  }),
  'epochs.timeout': setting(count.default(300), {
    help: 'with --epochs: give up when no epoch counted for so many seconds',
    takes: 'SECONDS',
  }),
}

type Values = SettingValues<typeof settings>

const statusEveryMs = 1_000

export const command = defineCommand({
  summary: 'Starts a whole subnet on this machine: chain, miners, validators, gateway. Ctrl-C stops it.',
  settings,
  run: async ({ values }, io) => {
    const screen = makeScreen(io, values.json)
    const domains = values.domains.split(',').map((domain) => domain.trim())
    for (const domain of domains) {
      if (!(builtInDomains as readonly string[]).includes(domain)) {
        throw new InputError('--domains', domain, `name some of ${builtInDomains.join(', ')}`)
      }
    }
    screen.note('starting the chain and its subnet …')
    const run = await startLocalRun({
      port: values.port,
      gatewayPort: values['gateway.port'],
      axonPort: values['axon.port'],
      interval: values.interval,
      tempoBlocks: values.tempo,
      domains,
      models: values.models,
      seed: values.seed ?? String(Date.now()),
      folder: values.dir,
      note: screen.note,
    })
    try {
      const report = await watch(run, values, screen, io.stop)
      await run.stop()
      screen.end()
      if (values.json) io.print(jsonText(report))
      else io.print(`\n${neuronTable(report.neurons)}`)
      return 0
    } catch (error) {
      await run.stop()
      screen.end()
      throw error
    }
  },
})

/** Where progress goes: a picture that is drawn anew on a terminal, lines elsewhere. */
interface Screen {
  readonly isLive: boolean
  readonly notes: string[]
  note(text: string): void
  paint(text: string): void
  end(): void
}

function makeScreen(io: CommandIo, isJson: boolean): Screen {
  const isLive = io.isTerminal && !isJson
  const painter = makePainter({
    write: (text) => void process.stdout.write(text),
    get rows() {
      return process.stdout.rows ?? 40
    },
    get columns() {
      return process.stdout.columns ?? 120
    },
  })
  const notes: string[] = []
  let isPainted = false
  return {
    isLive,
    notes,
    note: (text) => {
      notes.push(text)
      if (notes.length > 100) notes.shift()
      // Before the first picture there is nothing that a line could spoil.
      if (!isLive || !isPainted) (isJson ? io.note : io.print)(text)
    },
    paint: (text) => {
      isPainted = true
      painter.paint(text)
    },
    end: () => painter.end(),
  }
}

/** Follows the run until it is told to stop or has seen enough epochs. */
async function watch(run: LocalRun, values: Values, screen: Screen, stop: AbortSignal): Promise<Report> {
  const { chain, netuid } = run
  const queriers = run.players.filter(({ role, idle }) => role === 'validator' && !idle).map(({ name }) => name)
  const querierUids = queriers.map((name) => run.uids.get(name)!)
  const title = banner(run, values)
  if (!screen.isLive) for (const line of title) screen.note(line)

  let clock: EpochState | undefined
  let firstWeightsMs: number | undefined
  let epochs = 0
  let emission: EmissionAccount | undefined
  let metagraph: Metagraph = await getMetagraph(chain, { netuid })
  let lastCountedMs = performance.now()
  const emissionByUid = new Map<number, bigint>()
  const statuses = new Map<string, ValidatorStatus>()
  const rows = () => neuronRows(metagraph, run.players, [...statuses.values()], emissionByUid)
  const pollStatuses = async (): Promise<void> => {
    await Promise.all(
      [...run.statusPorts].map(async ([name, port]) => {
        const status = await validatorStatus(port)
        if (status !== undefined) statuses.set(name, status)
      }),
    )
  }
  const inFlight = () => [...statuses.values()].reduce((sum, status) => sum + status.inFlight, 0)
  const paint = (): void => {
    if (!screen.isLive || clock === undefined) return
    const next = nextEpochBlock(clock)
    screen.paint(
      sceneText({
        title,
        block: clock.block,
        tempoBlocks: clock.tempoBlocks,
        blocksToEpoch: next === undefined ? undefined : next - clock.block,
        epochs,
        epochsWanted: values.epochs,
        inFlight: inFlight(),
        answers: totalAnswers([...statuses.values()]),
        rows: rows(),
        notes: screen.notes,
      }),
    )
  }

  let done: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    done = resolve
  })
  stop.addEventListener('abort', () => done(), { once: true })
  if (stop.aborted) done()
  const onEpoch = async (epoch: EpochRecord): Promise<void> => {
    if (values.epochs !== undefined && epochs >= values.epochs) return
    metagraph = epoch.metagraph
    const isCounted = querierUids.every((uid) => epoch.weighers.has(uid))
    if (isCounted) {
      epochs++
      lastCountedMs = performance.now()
      for (const { uid, emission: amount } of epoch.metagraph.neurons) {
        emissionByUid.set(uid, (emissionByUid.get(uid) ?? 0n) + amount)
      }
      emission = addEmission(emission, await emissionOf(chain, netuid, epoch.previousEpochBlock, epoch.block))
    }
    await pollStatuses()
    const { scored } = totalAnswers([...statuses.values()])
    const weighing = `${epoch.weighers.size} of ${querierUids.length} querying validators' weights in force`
    screen.note(
      `epoch at block ${epoch.block}: ${weighing}, ${scored} answers scored${isCounted ? '' : ' (not counted)'}`,
    )
    if (!screen.isLive && isCounted) screen.note(neuronTable(rows()))
    if (epochs === values.epochs) done()
  }
  const endFollowing = await followEpochs(chain, {
    netuid,
    validators: querierUids,
    onBlock: (state) => {
      clock = state
      paint()
    },
    onFirstWeights: () => {
      firstWeightsMs = Math.round(performance.now())
      screen.note(`first weights in force after ${(firstWeightsMs / 1000).toFixed(1)} s`)
    },
    onEpoch,
    onError: (error) => screen.note(`following the chain: ${messageOf(error)}`),
  })
  const polling = setInterval(
    () => void pollStatuses().then(paint, (error) => screen.note(messageOf(error))),
    statusEveryMs,
  )
  const patience = new Promise<never>((_resolve, reject) => {
    const timer = setInterval(() => {
      if (values.epochs === undefined || performance.now() - lastCountedMs < 1000 * values['epochs.timeout']) return
      const message = `no epoch counted for ${values['epochs.timeout']} s`
      reject(new FacultyError(message, { code: 'no-epochs' }, { mend: 'see the logs: run again with --dir FOLDER' }))
    }, statusEveryMs)
    void finished.then(() => clearInterval(timer))
  })
  try {
    await Promise.race([finished, patience, run.failed])
  } finally {
    clearInterval(polling)
    endFollowing()
  }
  await pollStatuses()
  const { specName, specVersion } = chain.api.runtimeVersion
  return {
    endpoint: run.endpoint,
    specName: specName.toString(),
    specVersion: specVersion.toNumber(),
    blocks: await bestBlock(chain),
    netuid,
    epochs,
    elapsedMs: Math.round(performance.now()),
    firstWeightsMs: firstWeightsMs ?? null,
    peakPssBytes: run.peakPssBytes(),
    weightsSet: [...statuses.values()].reduce((sum, { weightsSet }) => sum + weightsSet, 0),
    answers: totalAnswers([...statuses.values()]),
    emission: emission ?? { issued: 0n, paid: 0n, ownerCut: 0n, burned: 0n, recycled: 0n, pending: 0n, remainder: 0n },
    neurons: rows(),
  }
}

function banner(run: LocalRun, values: Values): string[] {
  const { specName, specVersion } = run.chain.api.runtimeVersion
  const set = localSettings(run.netuid, values.tempo).map(({ shown }) => shown)
  return [
    `Faculty: ${specName.toString()} ${specVersion.toNumber()} at ${run.endpoint}, subnet ${run.netuid}, a block every ${values.interval}`,
    `set by Sudo for a quick local run: ${set.join(', ')}`,
    `gateway ${run.gatewayUrl}/v1 for any OpenAI client; wallets and logs in ${run.folder}`,
    `from another terminal: faculty ask "…" --domain medicine; faculty subnet metagraph --netuid ${run.netuid}; Ctrl-C here stops it all`,
  ]
}
