import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError } from '../base/errors.ts'
import type { LocalnetOptions } from '../localnet/startLocalnet.ts'
import { defineCommand } from './command.ts'
import { count, json } from './settings.ts'

export const command = defineCommand({
  summary: 'Runs a chain of its own on this machine, which wallets and SDKs take for a subtensor node.',
  usage: '[True|False]',
  settings: {
    spec: setting(z.enum(['393', '424', '430'], 'give 393, 424 or 430').default('430'), {
      help: 'release of the chain to look like: 393 for SDK 10.2, 424 for SDK 10.3 to 10.5, 430 for SDK 11',
      takes: 'N',
    }),
    port: setting(z.coerce.number().int().min(0, 'give 0 to 65535').max(65535, 'give 0 to 65535').default(9944), {
      help: 'port of the JSON-RPC server; 0 takes any free one',
      takes: 'PORT',
    }),
    host: setting(z.string().default('127.0.0.1'), { help: 'address to listen on', takes: 'IP' }),
    interval: setting(z.string().optional(), {
      help: 'time between blocks (250ms, which is the default, or 12s), instant (a block when something arrives) or manual (localnet_mine)',
      aliases: ['block-time'],
      takes: 'TIME',
    }),
    build: setting(z.enum(['fast', 'normal'], 'give fast or normal').optional(), {
      help: 'constants of the fast or the normal build; without it normal with 12s blocks, else fast',
      takes: 'NAME',
    }),
    'keep-blocks': setting(count.default(100_000), { help: 'past blocks whose state can be read', takes: 'N' }),
    'drand-endpoint': setting(z.string().optional(), {
      help: "drand server whose quicknet pulses open timelocked data; without it a beacon of the localnet's own does",
      takes: 'URL',
    }),
    'data-dir': setting(z.string().optional(), {
      help: 'keep the chain in this directory and go on from there; without it, it is gone with the process',
      takes: 'DIR',
    }),
    fork: setting(z.string().optional(), {
      help: 'start from the state of another chain, read from this node when it is wanted',
      takes: 'URL',
    }),
    at: setting(z.string().optional(), {
      help: 'block to fork at; without it the newest finalised one',
      takes: 'BLOCKHASH',
    }),
    'fork-cache': setting(z.string().optional(), {
      help: 'where what a fork has read is kept; without it ~/.cache/faculty/forks',
      takes: 'DIR',
    }),
    unsafe: setting(z.boolean().default(false), {
      help: 'serve localnet_* methods although the host is not loopback',
    }),
    'no-purge': setting(z.boolean().default(false), {
      help: "accepted from scripts for the real node's localnet.sh; a run keeps nothing that could be purged",
    }),
    ...json,
  },
  run: async ({ values, positionals }, { print, stop }) => {
    const { port, host, build, unsafe, 'drand-endpoint': endpoint } = values
    const { ml_kem768 } = await import('@noble/post-quantum/ml-kem.js')
    const options = {
      port,
      host,
      spec: Number(values.spec) as 393 | 424 | 430,
      interval: intervalOf(positionals, values.interval),
      keepBlocks: values['keep-blocks'],
      ...(build === undefined ? {} : { build }),
      ...(endpoint === undefined ? {} : { beacon: { endpoint } }),
      ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
      ...forkOf(values.fork, values.at, values['fork-cache']),
      // Not the default of `startLocalnet`: an inherent more in each block is in the way of whoever counts them.
      shieldKem: ml_kem768,
      ...(unsafe ? { allowUnsafe: true } : {}),
    }
    const { runLocalnet } = await import('../localnet/runLocalnet.ts')
    await runLocalnet(options, { print, stop, json: values.json })
    return 0
  },
})

/** The words of the real node's localnet.sh: `True` for fast blocks, `False` for those of 12 seconds. */
function intervalOf(words: readonly string[], given: string | undefined): string {
  const [word = 'True', ...more] = words
  if (more.length > 0 || !['True', 'False'].includes(word)) {
    throw new InputError('localnet', words.join(' '), 'give True for fast blocks, False for 12 s, or neither')
  }
  return given ?? (word === 'False' ? '12s' : '250ms')
}

function forkOf(
  endpoint: string | undefined,
  at: string | undefined,
  cache: string | undefined,
): Pick<LocalnetOptions, 'fork'> {
  if (endpoint !== undefined) {
    return { fork: { endpoint, ...(at === undefined ? {} : { at }), ...(cache === undefined ? {} : { cache }) } }
  }
  if (at !== undefined) throw new InputError('at', at, 'say which chain with --fork')
  return {}
}
