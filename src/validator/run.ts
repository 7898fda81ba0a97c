import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { serveStatus } from '../base/serveStatus.ts'
import { sleep, untilAborted } from '../base/sleep.ts'
import { ChainError } from '../chain/chainError.ts'
import { type Chain, connectChain } from '../chain/connect.ts'
import { getMetagraph, type Metagraph } from '../chain/getMetagraph.ts'
import { Dendrite } from '../dendrite/dendrite.ts'
import type { ValidatorDefinition } from '../domain/defineValidator.ts'
import type { Signer } from '../keys/signer.ts'
import { validatorFaults } from './alarms.ts'
import { scoresPage } from './explainScore.ts'
import { followBlocks } from './followBlocks.ts'
import { minersOf } from './miners.ts'
import type { DatabaseIdentity } from './openDatabase.ts'
import { watchOperations } from './operations.ts'
import { type RoundSettings, Rounds } from './rounds.ts'
import { scoreDraft } from './scoreDraft.ts'
import { type ScoresView, scoreLines } from './scoreLines.ts'
import type { DomainShares } from './scoring/minerScore.ts'
import { validatorStatus } from './status.ts'
import { openStore, type Store } from './store.ts'
import { followTraffic } from './traffic/followTraffic.ts'
import { ValidatorError } from './validatorError.ts'
import { makeValidatorMetrics } from './validatorMetrics.ts'
import { watchChainRun } from './watchChainRun.ts'
import { makeWatchdog, untilStalled } from './watchdog.ts'
import { keepWeights } from './weights.ts'
import { weightsChain } from './weightsChain.ts'

export interface ValidatorOptions {
  readonly endpoints: readonly string[]
  /** Of the chain that is meant, where it is known beforehand. */
  readonly genesisHash?: string | undefined
  readonly netuid: number
  /** The validator's hotkey. */
  readonly signer: Signer
  /** At most one a domain. */
  readonly validators: readonly ValidatorDefinition[]
  /** Sets even weights on all that serve an axon, without asking anybody. */
  readonly idle: boolean
  readonly rounds: RoundSettings
  /** What the subnet pays for each domain; a domain without an entry counts 1. */
  readonly shares?: DomainShares | undefined
  /** Rewards follow scores to this power, see `ScoringRules`; default 1. */
  readonly power?: number | undefined
  /** A gateway's hotkey: a share of the tasks is asked with it, so that miners take them for an app builder's. */
  readonly covertSigner?: Signer | undefined
  /** Of a gateway's status port: how app builders' asks went counts too. */
  readonly trafficUrl?: string | undefined
  /** Where the subnet takes commits, commit so that the chain opens them by itself. Default: reveal them ourselves. */
  readonly timelocked?: boolean
  /** What the questions are drawn from; default: drawn anew. */
  readonly seed?: string | undefined
  /** Default: `defaultDatabasePath`. */
  readonly databasePath?: string | undefined
  readonly statusPort?: number | undefined
  /** It fails with `stalled` where it has followed no block, or finished no round, for so long. Default 0: never. */
  readonly watchdogMs?: number | undefined
  readonly log: Log
  readonly stop: AbortSignal
}

const retryMs = 1_000
/** Time for one node to answer at the start. */
const attemptMs = 4_000
/** The metagraph is read again at the first block after so long. */
const metagraphAgeMs = 2_000
/** What is under way at a stop has so long; weights that do not make it are taken up by the next process. */
const patienceMs = 3_000

/**
 * Validates until the signal fires: asks, scores, sets weights. Waits for the chain at the start, and goes on when it is
 * lost later.
 *
 * @throws ChainError `wrong-chain`, `not-found` (no such subnet); ValidatorError, `stalled` among them; what the disk throws
 */
export async function runValidator(options: ValidatorOptions): Promise<void> {
  const reached = await reachPatiently(options)
  if (reached === undefined) return
  const { chain, metagraph } = reached
  try {
    const { netuid, signer } = options
    requireRegistered(metagraph, signer.address)
    const identity = { genesis: chain.api.genesisHash.toHex(), netuid, hotkey: signer.address }
    const store = openStore(options.databasePath ?? defaultDatabasePath(identity), identity)
    try {
      await validate(options, { chain, metagraph, store, genesis: identity.genesis })
    } finally {
      store.close()
    }
  } finally {
    await chain.close()
  }
  options.log.info('stopped')
}

/** One file for each chain, subnet and hotkey, under `.faculty` in the home folder. */
export function defaultDatabasePath({ genesis, netuid, hotkey }: DatabaseIdentity): string {
  return join(homedir(), '.faculty', 'validators', genesis.slice(2, 18), String(netuid), `${hotkey}.db`)
}

interface Reached {
  readonly chain: Chain
  readonly metagraph: Metagraph
}

/** What no waiting mends. */
const finalCodes: readonly string[] = ['wrong-chain', 'not-found']

/** @returns undefined where the signal fires first */
async function reachPatiently(options: ValidatorOptions): Promise<Reached | undefined> {
  const { stop, log } = options
  let told: string | undefined
  while (!stop.aborted) {
    try {
      return await reach(options)
    } catch (error) {
      if (error instanceof ChainError && finalCodes.includes(error.failure.code)) throw error
      const message = messageOf(error)
      if (message !== told) log.warn(`${message}; trying again`)
      told = message
      await sleep(retryMs, stop)
    }
  }
  return undefined
}

async function reach({ endpoints, genesisHash, netuid }: ValidatorOptions): Promise<Reached> {
  const known = genesisHash === undefined ? {} : { genesisHash }
  const chain = await connectChain({ endpoints, attemptMs, connectRounds: 1, ...known })
  try {
    return { chain, metagraph: await getMetagraph(chain, { netuid }) }
  } catch (error) {
    await chain.close()
    throw error
  }
}

function requireRegistered({ netuid, neurons }: Metagraph, hotkey: string): void {
  if (neurons.some((neuron) => neuron.hotkey === hotkey)) return
  throw new ValidatorError(
    `hotkey ${hotkey} is not registered on subnet ${netuid}`,
    { code: 'not-registered', hotkey, netuid },
    { mend: `faculty subnet register --netuid ${netuid}` },
  )
}

interface Begun extends Reached {
  readonly store: Store
  readonly genesis: string
}

async function validate(options: ValidatorOptions, { chain, store, genesis, ...begun }: Begun): Promise<void> {
  const { signer, netuid, validators, idle, log, stop } = options
  const hotkey = signer.address
  const byDomain = new Map(validators.map((validator) => [validator.domain, validator]))
  const domains = new Set(byDomain.keys())
  const { shares, power = 1 } = options
  const scoring = { domains, power, ...(shares !== undefined && { shares }) }
  const { covertSigner } = options
  const covertDendrite = covertSigner && new Dendrite({ signer: covertSigner, genesis, netuid })
  const dendrite = new Dendrite({ signer, genesis, netuid })
  const seed = options.seed ?? randomBytes(32).toString('hex')
  // A part that throws ends the others too.
  const leave = new AbortController()
  const signal = AbortSignal.any([stop, leave.signal])
  let { metagraph } = begun
  let { block } = metagraph
  let readAtMs = performance.now()
  const operations = watchOperations({ chain, netuid, hotkey, metagraph, log, signal })
  const view = (): ScoresView => {
    return { hotkey, netuid, block, miners: minersOf(metagraph, hotkey), store, scoring }
  }
  const meter = makeValidatorMetrics({
    store,
    domains,
    inFlight: () => rounds.inFlight,
    block: () => block,
    scores: () => scoreLines(view()).miners,
    standing: () => operations.facts().standing,
    headAgeMs: () => operations.facts().headAgeMs,
    endpoints: () => operations.facts().endpoints,
  })
  const watchdog = makeWatchdog(idle ? ['block'] : ['block', 'round'], options.watchdogMs ?? 0)
  const onRound = (elapsedMs: number): void => {
    watchdog.beat('round')
    meter.onRound(elapsedMs)
  }
  const settings = options.rounds
  const asking = { dendrite, covertDendrite, validators: byDomain, store, seed, settings, log, signal }
  const rounds = new Rounds({ ...asking, meter: { ...meter, onRound } })

  let publicKeys: ReadonlyMap<string, Uint8Array> = new Map()
  const remember = (): void => {
    const { miners } = view()
    store.lastSeen.write({ block, miners, domains: [...domains], shares: shares ?? {}, power })
    const targets = miners.flatMap(({ target }) => ('problem' in target ? [] : [target]))
    publicKeys = new Map(targets.map((target) => [target.hotkey, target.publicKey]))
    for (const one of [dendrite, covertDendrite]) one?.keepOnly(targets)
  }
  const readMetagraph = async (): Promise<void> => {
    if (performance.now() - readAtMs < metagraphAgeMs) return
    metagraph = await getMetagraph(chain, { netuid })
    readAtMs = performance.now()
    remember()
    await operations.onMetagraph(metagraph)
  }
  const meetChain = watchChainRun(chain, { store, log })
  const setWeights = keepWeights({
    chain: weightsChain(chain, { signer, netuid, timelocked: options.timelocked ?? false }),
    table: store.weights,
    draft: scoreDraft(chain, { netuid, hotkey, store: idle ? undefined : store, scoring }),
    log,
    onView: operations.onView,
    onEvent: (event) => {
      meter.onWeights(event)
      operations.onWeights(event)
    },
  })

  const closers: (() => Promise<void>)[] = []
  try {
    remember()
    if (options.statusPort !== undefined) {
      const status = () => validatorStatus({ hotkey, block, metagraph, idle, rounds, store, scoring })
      const server = await serveStatus({
        port: options.statusPort,
        status,
        faults: () => validatorFaults(operations.facts()),
        metrics: meter.metrics,
        pages: { '/scores': (query) => scoresPage(view(), query) },
      })
      closers.push(() => server.close())
    }
    const follow = { chain, patienceMs, log }
    const onMetagraph = async (header: { number: number }): Promise<void> => {
      block = header.number
      await readMetagraph()
    }
    closers.push(await followBlocks({ ...follow, what: 'metagraph', onBlock: onMetagraph }))
    const onWeights = async (): Promise<void> => {
      await meetChain()
      await setWeights()
      watchdog.beat('block')
    }
    closers.push(await followBlocks({ ...follow, what: 'weights', onBlock: onWeights }))
    log.info({ hotkey, netuid, block, idle, domains: idle ? [] : [...domains] }, 'validator runs')
    const { trafficUrl } = options
    const publicKeyOf = (miner: string): Uint8Array | undefined => publicKeys.get(miner)
    const traffic = { table: store.traffic, world: { genesis, netuid, publicKeyOf }, log, signal }
    const reading = trafficUrl === undefined ? untilAborted(signal) : followTraffic({ url: trafficUrl, ...traffic })
    const work = idle ? untilAborted(signal) : rounds.run(() => minersOf(metagraph, hotkey))
    await Promise.race([work, reading, untilStalled(watchdog, signal)])
  } finally {
    leave.abort()
    for (const one of [dendrite, covertDendrite]) one?.close()
    await Promise.all(closers.map((close) => close()))
  }
}
