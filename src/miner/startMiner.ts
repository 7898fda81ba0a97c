import { loadOrCreateAxonKey } from '../axon/axonKey.ts'
import { defaultAxonLimits } from '../axon/axonLimits.ts'
import { type Axon, startAxon } from '../axon/startAxon.ts'
import { makeClosers } from '../base/closers.ts'
import { addGpuMemory } from '../base/gpuMemory.ts'
import { serveStatus } from '../base/serveStatus.ts'
import type { Engine } from '../engine/engine.ts'
import { announcedIp } from '../wire/axonAddress.ts'
import type { ServedModel } from '../wire/axonMessage.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { makeAnnouncer } from './announcer.ts'
import { makeCallers } from './callers.ts'
import { followSubnet } from './followSubnet.ts'
import { logEvent } from './logEvent.ts'
import { makeAnswerer } from './makeAnswerer.ts'
import type { Miner, MinerOptions, MinerStatus } from './miner.ts'
import type { NeuronView, SubnetView } from './minerChain.ts'
import { notRegistered } from './minerError.ts'
import { makeMinerHealth } from './minerHealth.ts'
import { makeMinerMetrics } from './minerMetrics.ts'
import { openModel } from './openModel.ts'
import { reachSubnet } from './reachSubnet.ts'
import { makeRecentCallers } from './recentCallers.ts'
import { withdraw } from './withdraw.ts'

const defaultDrainMs = 2_500
/** Devices whose memory the NVIDIA driver may tell of. */
const gpus = ['cuda', 'webgpu']

/**
 * Opens the model, waits for the chain, starts the axon and announces it.
 *
 * @returns undefined where the signal fired before the chain was there
 * @throws MinerError `not-registered`; InputError, EngineError, AxonError for what cannot be used; ChainError
 *   `wrong-chain` or where the subnet does not exist
 */
export async function startMiner(options: MinerOptions, signal: AbortSignal): Promise<Miner | undefined> {
  const { log, miner, netuid, hotkey } = options
  const limits = { ...defaultAxonLimits, ...options.limits }
  const closers = makeClosers()
  try {
    const key = loadOrCreateAxonKey(options.axonKeyPath)
    const engine = await openModel({ ...options, answersAtOnce: limits.maxRunning })
    if (engine !== undefined) closers.add(() => engine.close())
    const meter = makeMinerMetrics(engine)
    const answer = meter.timed(makeAnswerer(miner.definition, engine))
    const found = await reachSubnet(options, signal)
    if (found === undefined) {
      await closers.close()
      return undefined
    }
    const { chain, view } = found
    closers.add(() => chain.close())
    let own: NeuronView | undefined = ownNeuron(view, options)
    if (own === undefined) throw notRegistered(options)

    const { domains } = miner.definition
    const models = servedModels(domains, engine)
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
      limits,
    })
    const { drainMs = defaultDrainMs } = options
    closers.add(async () => {
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
    closers.add(() => ending.abort())
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
        closers.add(endReading)
      }
      const { faults } = health
      const server = await serveStatus({ port: options.statusPort, status, faults, metrics: meter.metrics })
      statusPort = server.port
      // Closed last, so that whoever watches sees the miner drain.
      closers.addLast(() => server.close())
    }
    log.info({ uid: own.uid, netuid, hotkey, port: axon.port, domains, model: engine?.model.name }, 'serving')
    return {
      status,
      configure: (next) => {
        callers.configure(next.policy)
        axon.configure(next.limits)
        void axon.readmit()
      },
      statusPort,
      stop: () => {
        health.onDrain()
        return closers.close()
      },
    }
  } catch (error) {
    await closers.close()
    throw error
  }
}

function servedModels(domains: readonly string[], engine: Engine | undefined): ServedModel[] {
  if (engine === undefined) return []
  const { fingerprint } = engine.model
  const name = engine.model.name.slice(0, wireLimits.maxModelNameChars)
  return domains.map((domain) => ({ domain, name, fingerprint }))
}

function ownNeuron({ neurons }: SubnetView, { hotkey }: MinerOptions): NeuronView | undefined {
  return neurons.find((neuron) => neuron.hotkey === hotkey)
}

function announcedAxon({ announce }: MinerOptions, axon: Axon) {
  return { ...announcedIp(announce.host), port: announce.port ?? axon.port, certificate: axon.certificate }
}
