import { z } from 'zod'
import { boundedText } from '../base/boundedText.ts'
import { joinSignals } from '../base/joinSignals.ts'
import { randomnessOf } from './scheme.ts'
import { TimelockError } from './timelockError.ts'

/** One round as a drand server tells it. The signature has not been checked. */
export interface DrandPulse {
  readonly round: number
  /** SHA-256 of the signature. */
  readonly randomness: Uint8Array
  /** 48 bytes. */
  readonly signature: Uint8Array
}

export interface FetchPulseOptions {
  /** Without the chain's hash: `https://api.drand.sh`. */
  readonly endpoint: string
  /** Hex. */
  readonly chainHash: string
  readonly round: number | 'latest'
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Default: the platform's own. */
  readonly fetch?: typeof fetch
}

const answer = z.object({
  round: z.number().int().min(1),
  signature: z
    .string()
    .regex(/^[0-9a-f]{96}$/)
    .transform((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))),
})

/**
 * Asks a drand server for a round.
 *
 * @throws TimelockError `unreachable` where it does not answer in time, or with anything but that round's pulse
 * @see facts: commit-reveal.md, 4.2
 */
export async function fetchPulse(options: FetchPulseOptions): Promise<DrandPulse> {
  const { endpoint, chainHash, round, timeoutMs = 5_000, signal, fetch: get = fetch } = options
  const url = `${endpoint.replace(/\/+$/, '')}/${chainHash}/public/${round}`
  const ending = joinSignals([signal], timeoutMs)
  const pulse = await read(url, get, ending.signal).finally(ending.release)
  if (round !== 'latest' && pulse.round !== round) {
    throw new TimelockError(`${url}: it answers with round ${pulse.round}`, { code: 'unreachable', url })
  }
  return { ...pulse, randomness: randomnessOf(pulse.signature) }
}

async function read(url: string, get: typeof fetch, signal: AbortSignal): Promise<z.output<typeof answer>> {
  try {
    const response = await get(url, { signal })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`HTTP ${response.status}`)
    }
    return answer.parse(JSON.parse(await boundedText(response, longestBytes)))
  } catch (cause) {
    const why =
      cause instanceof Error && cause.name !== 'ZodError' && !(cause instanceof SyntaxError)
        ? cause.message
        : 'that is no pulse'
    throw new TimelockError(`${url}: ${why}`, { code: 'unreachable', url }, { cause })
  }
}

/** A pulse has some 250. */
const longestBytes = 64 * 1024
