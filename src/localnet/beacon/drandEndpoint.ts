import { messageOf } from '../../base/errors.ts'
import { quicknet } from '../../timelock/beacon.ts'
import { type DrandPulse, fetchPulse } from '../../timelock/fetchPulse.ts'
import { TimelockError } from '../../timelock/timelockError.ts'
import { isRoundSigned } from '../pallets/drand/isRoundSigned.ts'
import { storage } from '../pallets/drand/storage.ts'
import type { Pulse } from '../pallets/drand/types.ts'
import type { PulseSource } from './pulseSource.ts'

export interface DrandEndpointOptions {
  /** `https://api.drand.sh`, say. */
  readonly endpoint: string
  readonly fetch?: typeof fetch
  /** The network to ask for, where the chain follows another one than quicknet. */
  readonly network?: { readonly publicKey: Uint8Array; readonly chainHash: string }
  /** Milliseconds between looks at the endpoint. Default: half of quicknet's period. */
  readonly everyMs?: number
  /** Hears that the endpoint fails, and that it answers again. */
  readonly note: (line: string) => void
}

/** Rounds fetched in one go, and put into one block, when we are behind. */
const mostAtOnce = 50
/** Pulses kept for a chain that goes back to an earlier block: those of an hour. */
const mostKept = 1_200

/**
 * Quicknet's own pulses from a drand server. The first one is the newest that there is; from then on none is left out.
 * While the server does not answer, the chain gets no pulses and goes on.
 */
export function drandEndpoint(options: DrandEndpointOptions): PulseSource {
  const { endpoint, everyMs = 1_500, network = quicknet, note } = options
  const kept: Pulse[] = []
  let newest = 0n
  let failing = false
  let timer: NodeJS.Timeout | undefined
  const stopping = new AbortController()
  const get = async (round: number | 'latest'): Promise<DrandPulse> =>
    await fetchPulse({
      endpoint,
      chainHash: network.chainHash,
      round,
      signal: stopping.signal,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    })

  const take = (pulse: DrandPulse): void => {
    const round = BigInt(pulse.round)
    if (!isRoundSigned(network.publicKey, round, pulse.signature)) {
      const failure = { code: 'unreachable', url: endpoint } as const
      throw new TimelockError(`${endpoint}: the signature of round ${round} is not the network's`, failure)
    }
    kept.push({ ...pulse, round })
    if (kept.length > mostKept) kept.shift()
    newest = round
  }

  const look = async (): Promise<void> => {
    const latest = await get('latest')
    if (newest === 0n) return take(latest)
    const missing = Math.min(mostAtOnce, latest.round - Number(newest))
    for (let i = 0; i < missing; i++) {
      const round = Number(newest) + 1
      take(round === latest.round ? latest : await get(round))
    }
  }

  const lookAgain = async (): Promise<void> => {
    try {
      await look()
      if (failing) note('drand endpoint: it answers again')
      failing = false
    } catch (error) {
      if (!failing && !stopping.signal.aborted) note(`drand endpoint: ${messageOf(error)}`)
      failing = true
    }
    if (!stopping.signal.aborted) timer = setTimeout(() => void lookAgain(), everyMs)
  }

  return {
    configuration: undefined,
    due({ state }) {
      const last = state.get(storage.LastStoredRound)
      return kept.filter(({ round }) => round > last).slice(0, mostAtOnce)
    },
    start: () => void lookAgain(),
    stop: () => {
      stopping.abort()
      clearTimeout(timer)
    },
  }
}
