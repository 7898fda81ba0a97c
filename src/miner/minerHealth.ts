import type { AxonEvent } from '../axon/axonEvent.ts'
import { chainFaults, chainPatienceMs } from '../base/chainFaults.ts'
import { messageOf } from '../base/errors.ts'

export interface MinerHealthOptions {
  /** See `chainFaults`. */
  readonly patienceMs?: number
  /** Milliseconds of a clock that only rises. */
  readonly nowMs?: () => number
}

export interface MinerHealth {
  onEvent(event: AxonEvent): void
  /** A fresh look at the chain. */
  onView(isRegistered: boolean): void
  /** No new asks are taken from now on. */
  onDrain(): void
  /** What keeps the miner from its work now, each in words for its owner; empty where nothing does. */
  faults(): string[]
}

/** So many failures in a row are the engine's, not an ask's. */
const failuresInARow = 3

/** Whether a miner earns: registered, the chain in sight, its engine answering, not about to leave. */
export function makeMinerHealth(options: MinerHealthOptions = {}): MinerHealth {
  const { patienceMs = chainPatienceMs, nowMs = () => performance.now() } = options
  let seenAtMs = nowMs()
  let isRegistered = true
  let isDraining = false
  let failures = 0
  let lastFailure = ''
  return {
    onEvent: (event) => {
      if (event.type === 'answered') failures = 0
      if (event.type !== 'unanswered' || event.code !== 'failed') return
      failures++
      if (event.error !== undefined) lastFailure = `: ${messageOf(event.error)}`
    },
    onView: (registered) => {
      seenAtMs = nowMs()
      isRegistered = registered
    },
    onDrain: () => {
      isDraining = true
    },
    faults: () => [
      ...(isDraining ? ['draining: it is being stopped'] : []),
      ...chainFaults({ isRegistered, silentMs: nowMs() - seenAtMs, patienceMs }),
      ...(failures >= failuresInARow ? [`the last ${failures} answers failed${lastFailure}`] : []),
    ],
  }
}
