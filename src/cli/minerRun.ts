import { join } from 'node:path'
import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { loadMiner } from '../domain/load.ts'
import { parseDevices } from '../engine/deviceNames.ts'
import { parseUpstreams } from '../engine/parseUpstreams.ts'
import type { MinerUpstream } from '../miner/openModel.ts'
import { admissionOf, admissionSettings } from './admissionSettings.ts'
import { announcedHost } from './announcedHost.ts'
import { defineCommand } from './command.ts'
import { commandLog } from './commandLog.ts'
import { dialectSettings, dialectsOf } from './dialectSettings.ts'
import { followAdmission } from './followAdmission.ts'
import { chainAddress } from './openChain.ts'
import { needed, walletOf } from './openKeys.ts'
import {
  axonSettings,
  chainSettings,
  dtypeSettings,
  loggingSettings,
  netuid,
  port,
  upstreamModelSettings,
  walletSettings,
} from './settings.ts'

const seconds = z.coerce.number('give a number').min(0, 'give 0 or more').max(86_400, 'give 86400 or less')

export const command = defineCommand({
  summary: 'Runs a miner: opens its model, serves its axon and announces it. The hotkey must be registered.',
  settings: {
    domain: setting(z.string().optional(), {
      help: 'law, medicine, finance, freeloader, or the path of a folder with manifest.json and miner.ts',
      takes: 'NAME',
    }),
    model: setting(z.string().optional(), {
      help: "a model of the manifest (default its first), or the path of a Hugging Face decoder's folder",
      takes: 'NAME',
    }),
    ...dtypeSettings,
    device: setting(z.string().optional(), {
      help: 'cuda, cuda:1, webgpu, cpu: the first kind that works; several of a kind share the work. Default cpu',
      takes: 'LIST',
    }),
    upstream: setting(z.string().optional(), {
      help: 'forward to these OpenAI-compatible servers (vLLM, SGLang, llama.cpp, TGI), comma-separated',
      env: 'FACULTY_UPSTREAM',
      takes: 'URL',
    }),
    ...upstreamModelSettings,
    ...netuid,
    ...walletSettings,
    ...axonSettings,
    ...dialectSettings,
    'axon.drain_timeout': setting(seconds.default(30), {
      help: 'how long answers in flight may take once the miner is told to stop',
      takes: 'SECONDS',
    }),
    'axon.withdraw': setting(z.boolean().default(false), {
      help: 'when stopping, say on chain that nothing is served any more; it may take ten minutes to come back',
    }),
    ...admissionSettings,
    ...chainSettings,
    'status.port': setting(port.optional(), {
      help: 'serve /status, /healthz and /metrics on this port of 127.0.0.1',
      takes: 'PORT',
    }),
    ...loggingSettings,
  },
  run: async ({ values }, io) => {
    const domain = needed(values.domain, '--domain', 'name one: law, medicine, finance, or the path of a folder')
    const devices = values.device === undefined ? undefined : parseDevices(values.device)
    const upstream = upstreamOf(values)
    const address = chainAddress(values)
    const { host, warning } = announcedHost(values, address.endpoints)
    const dialects = dialectsOf(values)
    const log = commandLog('miner', values)
    if (warning !== undefined) log.warn(warning)
    const miner = await loadMiner(domain)
    const wallet = walletOf(values, io)
    const signer = await wallet.hotkeySigner()
    const admission = admissionOf(values)
    const listenOn = values['axon.ip']
    // The chain client and the axon are slow to load, and this file is loaded for its summary too.
    const { openMinerChain } = await import('../miner/minerChain.ts')
    const { runMiner } = await import('../miner/run.ts')
    let unwatch = (): void => undefined
    await runMiner(
      {
        miner,
        model: values.model,
        dtype: values['model.dtype'],
        devices,
        upstream,
        netuid: values.netuid,
        hotkey: signer.address,
        axonKeyPath: join(wallet.folder, 'axons', `${signer.address}.pem`),
        connect: () => openMinerChain({ ...address, netuid: values.netuid, signer }),
        // Without a host Node listens on all addresses, on machines without IPv6 as well.
        listen: { port: values['axon.port'], ...(listenOn === '::' ? {} : { host: listenOn }) },
        announce: { host, port: values['axon.external_port'] },
        ...dialects,
        statusPort: values['status.port'],
        log,
        ...admission,
        drainMs: values['axon.drain_timeout'] * 1_000,
        withdraw: values['axon.withdraw'],
        onServing: (served) => {
          if (io.config !== undefined)
            unwatch = followAdmission({ miner: served, config: io.config, values, log, isTerminal: io.isTerminal })
        },
      },
      io.stop,
    )
    unwatch()
    return 0
  },
})

interface UpstreamFlags {
  readonly device: string | undefined
  readonly upstream: string | undefined
  readonly 'upstream.model': string | undefined
  readonly 'upstream.key': string | undefined
  readonly 'upstream.context': number | undefined
}

function upstreamOf(flags: UpstreamFlags): MinerUpstream | undefined {
  const model = flags['upstream.model']
  if (flags.upstream !== undefined) {
    if (flags.device !== undefined) {
      throw new InputError('--device', flags.device, 'leave it out: the servers of --upstream run the model')
    }
    const contextTokens = flags['upstream.context']
    return { urls: parseUpstreams(flags.upstream), model, key: flags['upstream.key'], contextTokens }
  }
  if (model === undefined) return undefined
  throw new InputError('--upstream', undefined, 'give the address of the server that serves --upstream.model')
}
