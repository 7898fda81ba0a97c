import type { AxonEvent } from '../axon/axonEvent.ts'
import { loadOrCreateAxonKey } from '../axon/axonKey.ts'
import type { AxonLimits } from '../axon/axonLimits.ts'
import type { Laxness } from '../axon/http/laxness.ts'
import { type Axon, startAxon } from '../axon/startAxon.ts'
import type { Transport } from '../axon/transport.ts'
import { messageOf } from '../base/errors.ts'
import { addGpuMemory } from '../base/gpuMemory.ts'
import type { Log } from '../base/log.ts'
import { serveStatus } from '../base/serveStatus.ts'
import { sleep, untilAborted } from '../base/sleep.ts'
import { ChainError } from '../chain/chainError.ts'
import { announcedIp } from '../wire/axonAddress.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { makeAnnouncer } from './announcer.ts'
import { type CallerPolicy, makeCallers } from './callers.ts'
import { followSubnet } from './followSubnet.ts'
import { makeAnswerer } from './makeAnswerer.ts'
import type { MinerChain, NeuronView, SubnetView } from './minerChain.ts'
import { MinerError } from './minerError.ts'
import { makeMinerHealth } from './minerHealth.ts'
import { makeMinerMetrics } from './minerMetrics.ts'
import { type ModelOptions, openModel } from './openModel.ts'
import { makeRecentCallers, type RecentCaller } from './recentCallers.ts'
import { withdraw } from './withdraw.ts'

export interface MinerOptions extends ModelOptions {
  readonly netuid: number
  /** SS58 address; must be registered on the subnet. */
  readonly hotkey: string
  /** File of the axon's own key; made where there is none. */
  readonly axonKeyPath: string
  readonly connect: () => Promise<MinerChain>
  /** Port 0 takes any free one. */
  readonly listen: { readonly host?: string; readonly port: number }
  /** What goes on chain; the port defaults to the one listened on. */
  readonly announce: { readonly host: string; readonly port?: number | undefined }
  /** Default: wss alone. */
  readonly transports?: readonly Transport[]
  /** What requests by HTTP may do that is refused by default. */
  readonly allow?: readonly Laxness[]
  /** Absent: no status is served. */
  readonly statusPort?: number | undefined
  readonly limits?: Partial<AxonLimits>
  readonly policy?: CallerPolicy
  /** How long answers in flight may take once the miner is told to stop. */
  readonly drainMs?: number
  /** Tell the chain, when stopping, that nothing is served any more. See `withdraw.ts`. */
  readonly withdraw?: boolean
  /** Hears of the miner once it serves, for what may be changed while it does. */
  readonly onServing?: (miner: Miner) => void
  /** Between two looks at the chain. */
  readonly refreshMs?: number
  /** Before the next attempt to reach a chain that does not answer at the start. */
  readonly retryMs?: number
  /** A chain that does not answer for longer is a fault in `/healthz`. */
  readonly chainPatienceMs?: number
}

export interface MinerStatus {
  readonly role: 'miner'
  readonly hotkey: string
  /** Undefined where the hotkey has lost its place on the subnet. */
  readonly uid: number | undefined
  readonly port: number
  readonly domains: readonly string[]
  readonly models: readonly { readonly domain: string; readonly name: string; readonly fingerprint: string }[]
  /** `none` where no model runs. */
  readonly device: string
  readonly answered: number
  readonly unanswered: number
  readonly running: number
  readonly waiting: number
  /** Those who asked last, newest first. */
  readonly callers: readonly RecentCaller[]
}

/** A miner that serves. */
export interface Miner {
  readonly status: () => MinerStatus
  /** Puts these in the place of what there was; open sessions stay as long as they are still served under them. */
  configure(next: { readonly policy: CallerPolicy; readonly limits: Partial<AxonLimits> }): void
  /** Where the status is served, if it is. */
  readonly statusPort: number | undefined
  /** Takes nothing new, lets answers in flight finish, then ends everything. */
  stop(): Promise<void>
}

const defaultDrainMs = 2_500
/** Devices whose memory the NVIDIA driver may tell of. */
const gpus = ['cuda', 'webgpu']

/** Runs a miner until the signal fires, at any point of its start as well. @throws what `startMiner` throws */
export async function runMiner(options: MinerOptions, signal: AbortSignal): Promise<void> {
  const miner = await startMiner(options, signal)
  if (miner === undefined) return
  options.onServing?.(miner)
  await untilAborted(signal)
  await miner.stop()
}

/**
 * Opens the model, waits for the chain, starts the axon and announces it.
 *
 * @returns undefined where the signal fired before the chain was there
 * @throws MinerError `not-registered`; InputError, EngineError, AxonError for what cannot be used; ChainError
 *   `wrong-chain` or where the subnet does not exist
 */
export async function startMiner(options: MinerOptions, signal: AbortSignal): Promise<Miner | undefined> {
  const { log, miner, netuid, hotkey } = options
  const closers: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const key = loadOrCreateAxonKey(options.axonKeyPath)
    const engine = await openModel(options)
    if (engine !== undefined) closers.push(() => engine.close())
    const meter = makeMinerMetrics(engine)
    const answer = meter.timed(makeAnswerer(miner.definition, engine))
    const found = await reachSubnet(options, signal)
    if (found === undefined) {
      await stop()
      return undefined
    }
    const { chain, view } = found
    closers.push(() => chain.close())
    let own: NeuronView | undefined = ownNeuron(view, options)
    if (own === undefined) throw notRegistered(options)

    const { domains } = miner.definition
    const models =
      engine === undefined
        ? []
        : domains.map((domain) => ({
            domain,
            name: engine.model.name.slice(0, wireLimits.maxModelNameChars),
            fingerprint: engine.model.fingerprint,
          }))
    let lookSoon = (): void => undefined
    const callers = makeCallers(() => lookSoon())
    callers.update(view)
    callers.configure(options.policy ?? {})
    const counts = { answered: 0, unanswered: 0 }
    const recent = makeRecentCallers()
    const { chainPatienceMs } = options
    const health = makeMinerHealth(chainPatienceMs === undefined ? {} : { patienceMs: chainPatienceMs })
    const axon = await startAxon({
      ...options.listen,
      key,
      hotkey,
      genesis: chain.genesis,
      netuid,
      domains,
      models,
      admit: callers.admit,
      judgeIp: callers.judgeIp,
      answer,
      onEvent: (event) => {
        if (event.type === 'answered' || event.type === 'unanswered') counts[event.type]++
        for (const watcher of [meter, recent, health]) watcher.onEvent(event)
        logEvent(log, event)
      },
      ...(options.transports === undefined ? {} : { transports: options.transports }),
      ...(options.allow === undefined ? {} : { allow: options.allow }),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    })
    const { drainMs = defaultDrainMs } = options
    closers.push(async () => {
      const left = options.withdraw === true ? withdraw({ chain, certificate: axon.certificate, log }) : undefined
      await Promise.all([axon.drain(drainMs), left])
    })
    meter.watchAxon(axon)
    const refreshMs = options.refreshMs ?? 12_000
    const announce = makeAnnouncer({ chain, axon: announcedAxon(options, axon), log, firstWaitMs: refreshMs })
    const ending = new AbortController()
    const subnet = followSubnet({
      chain,
      first: view,
      everyMs: refreshMs,
      log,
      signal: ending.signal,
      onView: (next) => {
        callers.update(next)
        void axon.readmit()
        const before = own
        own = ownNeuron(next, options)
        health.onView(own !== undefined)
        // Not awaited: a chain that is slow to take it must not keep new callers out.
        if (own !== undefined) void announce(own)
        else if (before !== undefined) log.error(notRegistered(options).explanation)
      },
    })
    lookSoon = subnet.lookSoon
    closers.push(async () => ending.abort())
    const status = (): MinerStatus => ({
      role: 'miner',
      hotkey,
      uid: own?.uid,
      port: axon.port,
      domains,
      models,
      device: engine?.model.device ?? 'none',
      ...counts,
      running: axon.running,
      waiting: axon.waiting,
      callers: recent.list(),
    })
    let statusPort: number | undefined
    if (options.statusPort !== undefined) {
      if (engine !== undefined && gpus.includes(engine.model.device)) {
        const endReading = addGpuMemory(meter.metrics)
        closers.push(async () => endReading())
      }
      const { faults } = health
      const server = await serveStatus({ port: options.statusPort, status, faults, metrics: meter.metrics })
      statusPort = server.port
      // Closed last, so that whoever watches sees the miner drain.
      closers.unshift(() => server.close())
    }
    log.info({ uid: own.uid, netuid, hotkey, port: axon.port, domains, model: engine?.model.name }, 'serving')
    return {
      status,
      configure: ({ policy, limits }) => {
        callers.configure(policy)
        axon.configure(limits)
        void axon.readmit()
      },
      statusPort,
      stop: () => {
        health.onDrain()
        return stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Reached {
  readonly chain: MinerChain
  readonly view: SubnetView
}

/** Tries until a chain answers. Only what waiting cannot heal is thrown. */
async function reachSubnet(options: MinerOptions, signal: AbortSignal): Promise<Reached | undefined> {
  const { connect, log, retryMs = 3_000 } = options
  while (!signal.aborted) {
    let chain: MinerChain | undefined
    try {
      chain = await connect()
      const view = await chain.read()
      if (!signal.aborted) return { chain, view }
      await chain.close()
    } catch (error) {
      await chain?.close()
      if (!isPassing(error)) throw error
      log.warn({ retryMs }, messageOf(error))
      await sleep(retryMs, signal)
    }
  }
  return undefined
}

function isPassing(error: unknown): boolean {
  return error instanceof ChainError && ['disconnected', 'timeout', 'rpc'].includes(error.failure.code)
}

function ownNeuron({ neurons }: SubnetView, { hotkey }: MinerOptions): NeuronView | undefined {
  return neurons.find((neuron) => neuron.hotkey === hotkey)
}

function notRegistered({ hotkey, netuid }: MinerOptions): MinerError {
  return new MinerError(
    `hotkey ${hotkey} is not registered on subnet ${netuid}`,
    { code: 'not-registered', hotkey, netuid },
    { mend: `register it: faculty subnet register --netuid ${netuid}` },
  )
}

function announcedAxon({ announce }: MinerOptions, axon: Axon) {
  return { ...announcedIp(announce.host), port: announce.port ?? axon.port, certificate: axon.certificate }
}

function logEvent(log: Log, event: AxonEvent): void {
  const { type, ...rest } = event
  // Under the name that it has in the receipt.
  const fields = 'id' in rest ? { ...rest, id: undefined, requestId: rest.id } : rest
  const failed = type === 'unanswered' && event.code === 'failed'
  if ('error' in event && event.error !== undefined) {
    log[failed ? 'error' : 'debug']({ ...fields, error: messageOf(event.error) }, type)
  } else log.debug(fields, type)
}
