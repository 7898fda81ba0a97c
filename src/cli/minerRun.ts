import { isIP } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { laxnesses } from '../axon/http/laxness.ts'
import { transports } from '../axon/transport.ts'

import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import { makeLog } from '../base/log.ts'
import { loadMiner } from '../domain/load.ts'
import { parseDevices } from '../engine/deviceNames.ts'
import { admissionOf, admissionSettings } from './admissionSettings.ts'
import { defineCommand } from './command.ts'
import { followAdmission } from './followAdmission.ts'
import { chainAddress } from './openChain.ts'
import { needed, walletOf } from './openKeys.ts'
import { axonSettings, chainSettings, loggingSettings, netuid, port, walletSettings } from './settings.ts'

const seconds = z.coerce.number('give a number').min(0, 'give 0 or more').max(86_400, 'give 86400 or less')

const anyAddress = ['::', '0.0.0.0']

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
    device: setting(z.string().default('cpu'), {
      help: 'cuda, webgpu, cpu: one or several, comma-separated; the first that works is used',
      takes: 'LIST',
    }),
    ...netuid,
    ...walletSettings,
    ...axonSettings,
    transports: setting(listOf(transports).default(['wss']), {
      help: 'how the axon is reached: wss (sessions), http (signed requests of Bittensor SDKs and Epistula), or both',
      takes: 'LIST',
    }),
    'dialect.allow': setting(listOf(laxnesses).optional(), {
      help: `what requests by HTTP may do all the same, see docs/security.md: ${laxnesses.join(', ')}`,
      takes: 'LIST',
    }),
    'axon.drain_timeout': setting(seconds.default(30), {
      help: 'how long answers in flight may take once the miner is told to stop',
      takes: 'SECONDS',
    }),
    'axon.withdraw': setting(z.boolean().default(false), {
      help: 'when stopping, say on chain that nothing is served any more; it may take ten minutes to come back',
    }),
    ...admissionSettings,
    ...chainSettings,
    'status.port': setting(port.optional(), { help: 'serve /status and /healthz on this port', takes: 'PORT' }),
    ...loggingSettings,
  },
  run: async ({ values }, io) => {
    const domain = needed(values.domain, '--domain', 'name one: law, medicine, finance, or the path of a folder')
    const devices = parseDevices(values.device)
    const address = chainAddress(values)
    const host = announcedHost(values, address.endpoints)
    const allow = values['dialect.allow'] ?? []
    if (allow.length > 0 && !values.transports.includes('http')) {
      throw new InputError(
        '--dialect.allow',
        allow.join(','),
        'it speaks of requests by HTTP: add --transports wss,http',
      )
    }
    const log = makeLog({
      name: 'miner',
      debug: values['logging.debug'],
      trace: values['logging.trace'],
      json: values['logging.json'],
      isTerminal: io.isTerminal,
    })
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
        devices,
        netuid: values.netuid,
        hotkey: signer.address,
        axonKeyPath: join(wallet.folder, 'axons', `${signer.address}.pem`),
        connect: () => openMinerChain({ ...address, netuid: values.netuid, signer }),
        // Without a host Node listens on all addresses, on machines without IPv6 as well.
        listen: { port: values['axon.port'], ...(listenOn === '::' ? {} : { host: listenOn }) },
        announce: { host, port: values['axon.external_port'] },
        transports: values.transports,
        allow,
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

/** One or several of these, comma-separated. */
function listOf<const T extends string>(choices: readonly T[]) {
  const problem = `give one or several of ${choices.join(', ')}, comma-separated`
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(choices, problem)).min(1))
}

interface AddressFlags {
  readonly 'axon.ip': string
  readonly 'axon.external_ip': string | undefined
}

/** What to announce: the external address, else the one listened on; for a chain on this machine, this machine. */
function announcedHost(flags: AddressFlags, endpoints: readonly string[]): string {
  const external = flags['axon.external_ip']
  const host = external ?? (anyAddress.includes(flags['axon.ip']) ? undefined : flags['axon.ip'])
  if (host === undefined) {
    if (endpoints.every(isLoopback)) return '127.0.0.1'
    throw new InputError('--axon.external_ip', '', 'give the IP address at which callers reach this miner')
  }
  if (isIP(host) !== 0) return host
  throw new InputError(external === undefined ? '--axon.ip' : '--axon.external_ip', host, 'give an IP address')
}

function isLoopback(endpoint: string): boolean {
  const { hostname } = new URL(endpoint)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
