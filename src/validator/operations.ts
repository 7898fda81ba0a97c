import type { Log } from '../base/log.ts'
import { untilAborted } from '../base/sleep.ts'
import type { Chain } from '../chain/connect.ts'
import { getActivityCutoff } from '../chain/getActivityCutoff.ts'
import type { Metagraph } from '../chain/getMetagraph.ts'
import { readOne } from '../chain/readMany.ts'
import { asNumber } from '../chain/values.ts'
import { type AlarmFacts, alarmsOf, tellAlarms } from './alarms.ts'
import { type EndpointLag, followEndpoints } from './endpointLag.ts'
import type { WeightsView } from './planWeights.ts'
import { standingOf } from './standing.ts'
import { watchVtrust } from './vtrustWatch.ts'
import type { WeightsEvent } from './weights.ts'

export interface OperationsOptions {
  readonly chain: Chain
  readonly netuid: number
  readonly hotkey: string
  /** As it is known at the start. */
  readonly metagraph: Metagraph
  readonly log: Log
  readonly signal: AbortSignal
}

/** What a validator knows of how it does, beside its scores. */
export interface Operations {
  readonly facts: () => AlarmFacts
  /** A fresh metagraph. @throws ChainError where the chain does not tell the rest */
  onMetagraph(metagraph: Metagraph): Promise<void>
  onView(view: WeightsView): void
  onWeights(event: WeightsEvent): void
}

const lookMs = 5_000
const endpointsMs = 60_000

/** Keeps an eye on the validator's standing and its chain, and tells alarms until the signal fires. */
export function watchOperations(options: OperationsOptions): Operations {
  const { chain, netuid, hotkey, log, signal } = options
  const vtrust = watchVtrust()
  let { metagraph } = options
  let standing = standingOf(metagraph, hotkey)
  let readAtMs = performance.now()
  let headAtMs: number | undefined
  let rateLimitBlocks: number | undefined
  let cutoff: { readonly blocks: number; readonly atBlock: number } | undefined
  let missedEpoch: number | undefined
  let endpoints: readonly EndpointLag[] = []

  const facts = (): AlarmFacts => ({
    standing,
    isBehindInVtrust: vtrust.isBehind,
    tempoBlocks: metagraph.tempoBlocks,
    rateLimitBlocks,
    activityCutoffBlocks: cutoff?.blocks,
    missedEpoch,
    silentMs: performance.now() - readAtMs,
    headAgeMs: headAtMs === undefined ? undefined : Math.max(0, Date.now() - headAtMs),
    endpoints,
  })
  const tell = tellAlarms(log)
  const timer = setInterval(() => tell(alarmsOf(facts())), lookMs)
  void untilAborted(signal).then(() => clearInterval(timer))
  const onLags = (lags: readonly EndpointLag[]): void => {
    endpoints = lags
  }
  void followEndpoints(chain.endpoints, { everyMs: endpointsMs, signal, onLags })

  return {
    facts,
    async onMetagraph(fresh) {
      metagraph = fresh
      standing = standingOf(fresh, hotkey)
      readAtMs = performance.now()
      headAtMs = asNumber(await readOne(chain, 'Timestamp', 'Now', [], fresh.blockHash))
      // The owner may change it; once an epoch is soon enough.
      if (cutoff === undefined || fresh.block >= cutoff.atBlock + fresh.tempoBlocks) {
        cutoff = { blocks: await getActivityCutoff(chain, { netuid }), atBlock: fresh.block }
      }
    },
    onView(view) {
      rateLimitBlocks = view.rateLimitBlocks
      if (standing !== undefined) vtrust.note(view.epoch.epochIndex, standing)
    },
    onWeights(event) {
      if (event.type === 'missed') missedEpoch = event.epoch
      // Weights are in force again.
      else if (event.type === 'set' || event.type === 'revealed' || event.type === 'timelocked') missedEpoch = undefined
    },
  }
}
