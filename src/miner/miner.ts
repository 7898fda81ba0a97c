import type { AxonLimits } from '../axon/axonLimits.ts'
import type { Laxness } from '../axon/http/laxness.ts'
import type { Transport } from '../axon/transport.ts'
import type { ServedModel } from '../wire/axonMessage.ts'
import type { CallerPolicy } from './callers.ts'
import type { MinerChain } from './minerChain.ts'
import type { ModelOptions } from './openModel.ts'
import type { RecentCaller } from './recentCallers.ts'

export interface MinerOptions extends Omit<ModelOptions, 'answersAtOnce'> {
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
  readonly models: readonly ServedModel[]
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
