import { z } from 'zod'
import { type SettingValues, setting } from '../base/config.ts'
import { keepFamilies } from '../domain/keepFamilies.ts'
import { builtInDomains, loadMiner, loadValidator } from '../domain/load.ts'
import { defineCommand } from './command.ts'
import { anyPort, count, json } from './settings.ts'
import { jsonText } from './table.ts'
import type { DomainPlace } from './up/cast.ts'
import { domainPlaces } from './up/domainPlaces.ts'
import type { LocalRun } from './up/localRun.ts'
import { makeScreen } from './up/screen.ts'
import { neuronTable } from './up/view.ts'

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
  domains: setting(z.string().default(builtInDomains.join(',')), {
    help: 'which, comma-separated: names, or paths of folders as faculty init makes them',
    takes: 'LIST',
  }),
  families: setting(z.string().optional(), {
    help: 'ask only these task families, comma-separated; default: those that the models were trained on',
    takes: 'LIST',
  }),
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

export const command = defineCommand({
  summary: 'Starts a whole subnet on this machine: chain, miners, validators, gateway. Ctrl-C stops it.',
  settings,
  run: async ({ values }, io) => {
    const domains = await domainPlaces(values.domains)
    const families = await familiesOf(values.families, domains)
    const { startLocalRun } = await import('./up/localRun.ts')
    const { watchRun } = await import('./up/watchRun.ts')
    const screen = makeScreen(io, values.json)
    screen.note('starting the chain and its subnet …')
    const run = await startLocalRun({
      port: values.port,
      gatewayPort: values['gateway.port'],
      axonPort: values['axon.port'],
      interval: values.interval,
      tempoBlocks: values.tempo,
      domains,
      families,
      models: values.models,
      seed: values.seed ?? String(Date.now()),
      folder: values.dir,
      note: screen.note,
      stop: io.stop,
    })
    try {
      const title = await banner(run, values)
      if (!screen.isLive) for (const line of title) screen.note(line)
      const report = await watchRun(run, {
        title,
        screen,
        epochs: values.epochs,
        patienceMs: 1000 * values['epochs.timeout'],
        stop: io.stop,
      })
      screen.end()
      io.print(values.json ? jsonText(report) : neuronTable(report.neurons))
      return 0
    } finally {
      screen.end()
      await run.stop()
    }
  },
})

/** @throws InputError for families that the validators would refuse, each of them over and over */
async function familiesOf(list: string | undefined, domains: readonly DomainPlace[]): Promise<string[]> {
  const families = list?.split(',').map((name) => name.trim()) ?? (await trainedFamilies(domains))
  keepFamilies(await Promise.all(domains.map(({ argument }) => loadValidator(argument))), families)
  return families
}

/** The families that the domains' manifests name; all of a domain whose manifest names none. */
async function trainedFamilies(domains: readonly DomainPlace[]): Promise<string[]> {
  const lists = await Promise.all(
    domains.map(async ({ argument }) => {
      const { manifest } = await loadMiner(argument)
      return manifest.families ?? (await loadValidator(argument)).families.map(({ name }) => name)
    }),
  )
  return lists.flat()
}

async function banner(run: LocalRun, values: Values): Promise<string[]> {
  const { localSettings } = await import('./up/setUp.ts')
  const { specName, specVersion } = run.chain.api.runtimeVersion
  const set = localSettings(run.netuid, values.tempo).map(({ shown }) => shown)
  return [
    `Faculty: ${specName.toString()} ${specVersion.toNumber()} at ${run.endpoint}, subnet ${run.netuid}, a block every ${values.interval}`,
    `set by Sudo for a quick local run: ${set.join(', ')}`,
    `gateway ${run.gatewayUrl}/v1 for any OpenAI client; wallets and logs in ${run.folder}`,
    `from another terminal: faculty ask "…" --domain medicine; faculty subnet metagraph --netuid ${run.netuid}; Ctrl-C here stops it all`,
  ]
}
