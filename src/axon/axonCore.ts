import type { KeyObject } from 'node:crypto'
import type { ServedModel } from '../wire/axonMessage.ts'
import type { Admit, Answerer, IpVerdict } from './answer.ts'
import type { AxonEvent } from './axonEvent.ts'
import type { AxonLimits } from './axonLimits.ts'
import type { Places } from './places.ts'
import type { RateTable } from './rateTable.ts'
import type { SessionTable } from './sessionTable.ts'
import type { WaitingRoom } from './waitingRoom.ts'

/** What the sessions of one axon share. */
export interface AxonCore {
  readonly hotkey: string
  readonly genesis: string
  readonly netuid: number
  readonly privateKey: KeyObject
  readonly domains: readonly string[]
  readonly models: readonly ServedModel[]
  /** Whether a caller's `receipt: false` is heeded. */
  readonly receiptsWaivable: boolean
  /** Read anew for each use, since it may be replaced. */
  limits: AxonLimits
  readonly connectionRates: RateTable
  readonly askRates: RateTable
  readonly places: Places
  readonly waitingRoom: WaitingRoom
  readonly sessions: SessionTable
  draining: boolean
  readonly admit: Admit
  readonly judgeIp: (ip: string) => IpVerdict
  readonly answer: Answerer
  readonly onEvent: (event: AxonEvent) => void
}
