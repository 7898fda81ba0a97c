import { backoffMs } from '../base/backoffMs.ts'
import { InputError, messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Neuron } from '../chain/getMetagraph.ts'
import { Dendrite } from '../dendrite/dendrite.ts'
import type { ChannelOptions } from '../dendrite/openChannel.ts'
import type { Session } from '../dendrite/session.ts'
import type { Target } from '../dendrite/target.ts'
import { hostOfChainIp } from '../wire/axonAddress.ts'
import { axonKeyOf } from '../wire/axonCertificate.ts'
import type { WelcomeMessage } from '../wire/axonMessage.ts'
import { noModel } from '../wire/receipt.ts'
import type { Candidate } from './chooseMiner.ts'
import { Traffic } from './traffic.ts'

/** What the gateway reads of a neuron. */
export type GatewayNeuron = Pick<Neuron, 'uid' | 'hotkey' | 'incentive' | 'axon' | 'certificate'>

const tickMs = 1_000
/** Names that are remembered of miners out of reach. */
const maxDomainsSeen = 4_096

/** A neuron that serves, and the session with it. */
export class Miner implements Candidate {
  readonly target: Target
  readonly session: Session
  uid: number
  incentive: number
  running = 0
  failedAtMs: number | undefined
  /** What it said of itself when it was last connected; undefined while it cannot be reached. */
  welcome: WelcomeMessage | undefined
  /** Attempts to connect that failed in a row. */
  failures = 0
  nextTryAtMs = 0
  isConnecting = false

  constructor(target: Target, session: Session, { uid, incentive }: GatewayNeuron) {
    this.target = target
    this.session = session
    this.uid = uid
    this.incentive = incentive
  }

  serves(domain: string): boolean {
    return this.welcome?.domains.includes(domain) === true
  }

  namesModel(domain: string): boolean {
    return this.welcome?.models.some((model) => model.domain === domain && model.fingerprint !== noModel) === true
  }
}

/**
 * The subnet's miners and what they serve. A session is held open with each of them, because only its welcome tells the
 * domains; one that is lost is opened again, with growing pauses.
 */
export class MinerTable {
  /** What became of the asks that were put to them. */
  readonly traffic = new Traffic()
  readonly #dendrite: Dendrite
  readonly #log: Log
  readonly #miners = new Map<string, Miner>()
  readonly #domainsSeen = new Set<string>()
  readonly #timer: NodeJS.Timeout

  constructor(options: ChannelOptions & { readonly log: Log }) {
    this.#dendrite = new Dendrite(options)
    this.#log = options.log
    this.#timer = setInterval(() => void this.connectAll(), tickMs)
    this.#timer.unref()
  }

  /** Takes over what the chain says now. Sessions with axons that are gone, have moved or changed their key are closed. */
  update(neurons: readonly GatewayNeuron[]): void {
    const gone = new Set(this.#miners.keys())
    for (const neuron of neurons) {
      const target = targetOf(neuron)
      if (target === undefined) continue
      const session = this.#dendrite.session(target)
      const known = this.#miners.get(neuron.hotkey)
      if (known?.session === session) {
        known.uid = neuron.uid
        known.incentive = neuron.incentive
      } else this.#miners.set(neuron.hotkey, new Miner(target, session, neuron))
      gone.delete(neuron.hotkey)
    }
    for (const hotkey of gone) this.#miners.delete(hotkey)
    this.#dendrite.keepOnly([...this.#miners.values()].map(({ target }) => target))
  }

  /** Connects to those that are not connected and not resting after a failure. Resolves when each has settled. */
  async connectAll(): Promise<void> {
    await Promise.all([...this.#miners.values()].map((miner) => this.#connect(miner)))
  }

  /** Those that can be reached and declare the domain, in no order. */
  ofDomain(domain: string): Miner[] {
    return [...this.#miners.values()].filter((miner) => miner.serves(domain))
  }

  /** Domains that reachable miners declare, by name, and how many do. */
  domains(): { domain: string; miners: number }[] {
    const counts = new Map<string, number>()
    for (const { welcome } of this.#miners.values()) {
      for (const domain of new Set(welcome?.domains)) counts.set(domain, (counts.get(domain) ?? 0) + 1)
    }
    return [...counts].map(([domain, miners]) => ({ domain, miners })).sort((a, b) => (a.domain < b.domain ? -1 : 1))
  }

  /** Whether any miner has declared the domain since the start, reachable now or not. */
  hasSeen(domain: string): boolean {
    return this.#domainsSeen.has(domain)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#miners.clear()
    this.#dendrite.close()
  }

  async #connect(miner: Miner): Promise<void> {
    const { session, target } = miner
    if (this.#learn(miner) || miner.isConnecting || performance.now() < miner.nextTryAtMs) return
    miner.isConnecting = true
    try {
      await session.connect()
      this.#learn(miner)
    } catch (error) {
      miner.failures++
      miner.nextTryAtMs = performance.now() + backoffMs(miner.failures, Math.random())
      miner.welcome = undefined
      const { hotkey } = target
      if (miner.failures === 1 && this.#miners.get(hotkey) === miner) {
        this.#log.warn({ uid: miner.uid, hotkey, error: messageOf(error) }, 'miner cannot be reached')
      } else this.#log.debug({ uid: miner.uid, hotkey, failures: miner.failures }, 'miner still cannot be reached')
    } finally {
      miner.isConnecting = false
    }
  }

  /** Miners choose the names, and may choose new ones at each connection. */
  #see(domain: string): void {
    this.#domainsSeen.delete(domain)
    this.#domainsSeen.add(domain)
    if (this.#domainsSeen.size > maxDomainsSeen) this.#domainsSeen.delete(this.#domainsSeen.values().next().value!)
  }

  /** @returns whether there is a connection */
  #learn(miner: Miner): boolean {
    const { welcome } = miner.session
    if (welcome === undefined) return false
    miner.failures = 0
    if (welcome !== miner.welcome) {
      const isNews = welcome.domains.join() !== miner.welcome?.domains.join()
      miner.welcome = welcome
      for (const domain of welcome.domains) this.#see(domain)
      const { hotkey } = miner.target
      const line = { uid: miner.uid, hotkey, domains: welcome.domains.join() }
      if (isNews) this.#log.info(line, 'miner connected')
      else this.#log.debug(line, 'miner connected again')
    }
    return true
  }
}

/** Undefined for a neuron that serves nothing this gateway can speak to. */
function targetOf({ hotkey, axon, certificate }: GatewayNeuron): Target | undefined {
  const publicKey = axonKeyOf(certificate)
  if (axon === undefined || publicKey === undefined) return undefined
  try {
    return { host: hostOfChainIp(axon), port: axon.port, publicKey, hotkey }
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}
