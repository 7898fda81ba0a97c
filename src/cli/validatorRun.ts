import { z } from 'zod'
import { setting } from '../base/config.ts'
import { InputError, messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { ValidatorDefinition } from '../domain/defineValidator.ts'
import { keepFamilies } from '../domain/keepFamilies.ts'
import { builtInDomains, loadValidator } from '../domain/load.ts'
import { ValidatorError } from '../validator/validatorError.ts'
import { mixBenchmark, mixBenchmarkSettings } from './benchmark/mixBenchmark.ts'
import { defineCommand } from './command.ts'
import { commandLog } from './commandLog.ts'
import { chainAddress } from './openChain.ts'
import { walletOf } from './openKeys.ts'
import { anyPort, chainSettings, count, loggingSettings, netuid, passwordSettings, walletSettings } from './settings.ts'

/** For whoever keeps the process running: a restart may help. */
const stalledCode = 3

const milliseconds = z.coerce.number().int('give whole milliseconds').min(0, 'give 0 or more')

export const command = defineCommand({
  summary: 'Asks the miners of a subnet, scores their answers and sets weights. Its hotkey must be registered there.',
  settings: {
    domains: setting(z.string().default(builtInDomains.join(',')), {
      help: 'what to ask about, comma-separated: names, or paths of folders with a validator.ts',
      takes: 'LIST',
    }),
    families: setting(z.string().optional(), {
      help: "only these task families, comma-separated; default: all of each domain's",
      takes: 'LIST',
    }),
    db: setting(z.string().optional(), {
      help: 'file with its scores and unrevealed commits; default: one under ~/.faculty for this chain, subnet and hotkey',
      takes: 'PATH',
    }),
    idle: setting(z.boolean().default(false), { help: 'ask nobody; even weights on all that serve an axon' }),
    seed: setting(z.string().optional(), {
      help: 'what the questions are drawn from, to be kept secret; default: drawn at random',
      takes: 'TEXT',
      secret: true,
    }),
    'round.tasks': setting(count.default(6), { help: 'questions a domain and miner in one round', takes: 'N' }),
    'round.pauseMs': setting(milliseconds.default(500), { help: 'between two rounds', takes: 'MS' }),
    'round.timeoutMs': setting(milliseconds.min(1).default(10_000), { help: 'time for one answer', takes: 'MS' }),
    'round.perMiner': setting(count.default(2), { help: 'asks in flight to one miner', takes: 'N' }),
    'round.concurrency': setting(count.default(1_024), { help: 'asks in flight to all miners', takes: 'N' }),
    'round.groupSize': setting(count.default(8), {
      help: 'miners that get the same question at the same moment',
      takes: 'N',
    }),
    'round.covertShare': setting(z.coerce.number().min(0).max(1, 'give a share from 0 to 1').default(0.25), {
      help: 'share of the questions that are asked with --covert.hotkey',
      takes: 'SHARE',
    }),
    'covert.hotkey': setting(z.string().optional(), {
      help: "a gateway's hotkey in the same wallet: miners take questions asked with it for an app builder's",
      takes: 'NAME',
    }),
    'traffic.url': setting(z.url({ protocol: /^https?$/ }).optional(), {
      help: "a gateway's status port, e.g. http://127.0.0.1:9101: how app builders' questions went counts too",
      takes: 'URL',
    }),
    'domains.shares': setting(z.string().optional(), {
      help: 'what the subnet pays for each domain, e.g. law=2,medicine=1; default: the same for all',
      takes: 'LIST',
    }),
    'scores.power': setting(z.coerce.number().min(1, 'give 1 or more').max(8, 'give 8 or less').default(1), {
      help: 'weights follow scores to this power: above 1 the best get more, and copied weights are worth less',
      takes: 'N',
    }),
    'round.longestMs': setting(milliseconds.min(1).default(3_000), {
      help: 'the next round begins after so long, without the miners that are still answering',
      takes: 'MS',
    }),
    ...mixBenchmarkSettings,
    'weights.timelock': setting(z.boolean().default(false), {
      help: "commit weights locked to a round of the chain's drand beacon, which opens them, instead of revealing them",
    }),
    ...netuid,
    ...walletSettings,
    ...passwordSettings,
    ...chainSettings,
    ...loggingSettings,
    'status.port': setting(anyPort.optional(), {
      help: 'serve /status, /scores, /healthz and /metrics on this port of 127.0.0.1',
      takes: 'PORT',
    }),
    'watchdog.ms': setting(milliseconds.default(600_000), {
      help: 'end with code 3 where no block was followed, or no round finished, for so long; 0: never',
      takes: 'MS',
    }),
  },
  run: async ({ values }, io) => {
    const loaded = await loadValidators(values.domains)
    const chosen = values.families === undefined ? loaded : keepFamilies(loaded, listOf(values.families))
    const validators = mixBenchmark(chosen, values)
    const address = chainAddress(values)
    const signer = await walletOf(values, io).hotkeySigner()
    const covert = values['covert.hotkey']
    const covertSigner =
      covert === undefined ? undefined : await walletOf({ ...values, 'wallet.hotkey': covert }, io).hotkeySigner()
    const log = commandLog('validator', values)
    const { runValidator } = await import('../validator/run.ts')
    const run = runValidator({
      ...address,
      netuid: values.netuid,
      signer,
      validators,
      idle: values.idle,
      rounds: {
        tasks: values['round.tasks'],
        pauseMs: values['round.pauseMs'],
        askTimeoutMs: values['round.timeoutMs'],
        perMiner: values['round.perMiner'],
        concurrency: values['round.concurrency'],
        longestMs: values['round.longestMs'],
        groupSize: values['round.groupSize'],
        covertShare: values['round.covertShare'],
      },
      covertSigner,
      power: values['scores.power'],
      trafficUrl: values['traffic.url'],
      shares: parseShares(values['domains.shares'], validators),
      timelocked: values['weights.timelock'],
      seed: values.seed,
      databasePath: values.db,
      statusPort: values['status.port'],
      watchdogMs: values['watchdog.ms'],
      log,
      stop: io.stop,
    })
    return await codeOf(run, log)
  },
})

/** What hangs may keep hanging when it is asked to end. */
const lastPatienceMs = 10_000

/** @returns 3 for a validator that hung, which a new process may mend */
async function codeOf(run: Promise<void>, log: Log): Promise<number> {
  try {
    await run
    return 0
  } catch (error) {
    if (!(error instanceof ValidatorError) || error.failure.code !== 'stalled') throw error
    log.fatal({ alarm: 'stalled' }, messageOf(error))
    setTimeout(() => process.exit(stalledCode), lastPatienceMs).unref()
    return stalledCode
  }
}

function listOf(text: string): string[] {
  return text.split(',').map((name) => name.trim())
}

async function loadValidators(list: string): Promise<ValidatorDefinition[]> {
  const validators = await Promise.all(listOf(list).map(loadValidator))
  const twice = validators.find(({ domain }, i) => validators.findIndex((other) => other.domain === domain) !== i)
  if (twice !== undefined)
    throw new InputError('--domains', list, `name each domain once; ${twice.domain} is there twice`)
  return validators
}

/** `law=2,medicine=1` → shares by domain. @throws InputError for a domain that is not asked, or a share that is none */
function parseShares(
  list: string | undefined,
  validators: readonly ValidatorDefinition[],
): Record<string, number> | undefined {
  if (list === undefined) return undefined
  const shares = list.split(',').map((entry) => {
    const [, domain, share] = /^\s*([a-z][a-z0-9-]*)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(entry) ?? []
    if (domain === undefined) throw new InputError('--domains.shares', entry, 'give each as domain=number, e.g. law=2')
    if (!validators.some((validator) => validator.domain === domain)) {
      const known = validators.map((validator) => validator.domain).join(', ')
      throw new InputError('--domains.shares', domain, `name one that is asked: ${known}`)
    }
    return [domain, Number(share)] as const
  })
  if (shares.every(([, share]) => share === 0)) {
    throw new InputError('--domains.shares', list, 'give at least one share above 0')
  }
  return Object.fromEntries(shares)
}
