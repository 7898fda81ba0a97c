import type { BeaconConfiguration, Pulse } from '../pallets/drand/types.ts'
import type { State } from '../state.ts'

/** What the next block is built on. */
export interface PulseRequest {
  readonly state: State
  /** Time of the block. */
  readonly timestampMs: number
}

/** Where a chain's pulses come from. */
export interface PulseSource {
  /** What block 0 says of the beacon; `undefined` for quicknet, which is the chain's default. */
  readonly configuration: BeaconConfiguration | undefined
  /** Pulses for the next block, newer than what is stored and in ascending order. */
  due(request: PulseRequest): Pulse[]
  /** Begins to fetch what must be fetched; blocks may be built before. */
  start(): void
  stop(): void
}
