import { InputError } from '../../base/errors.ts'
import type { Build } from '../storage.ts'
import { type DrandEndpointOptions, drandEndpoint } from './drandEndpoint.ts'
import { localBeacon } from './localBeacon.ts'
import type { PulseSource } from './pulseSource.ts'

/** A drand server that has quicknet's pulses, or a beacon of the localnet's own. */
export type BeaconOptions =
  | Pick<DrandEndpointOptions, 'endpoint' | 'fetch' | 'everyMs'>
  /** Default: a seed that all localnets have in common. */
  | { readonly seed?: string }

/**
 * Seconds between rounds of our own beacon. That of the slow build is quicknet's; on the fast one, where an epoch may
 * take no longer than that, it is the shortest that the chain's configuration can say.
 */
const periodS: Readonly<Record<Build, number>> = { fast: 1, normal: 3 }

export function makePulseSource(
  options: BeaconOptions,
  { build, nowMs, note }: { build: Build; nowMs: () => number; note: (line: string) => void },
): PulseSource {
  if ('endpoint' in options) {
    const isUrl = URL.canParse(options.endpoint) && /^https?:/.test(options.endpoint)
    if (!isUrl)
      throw new InputError('beacon.endpoint', options.endpoint, 'give an address such as https://api.drand.sh')
    return drandEndpoint({ ...options, note })
  }
  return localBeacon({ seed: options.seed ?? 'localnet', periodS: periodS[build], nowMs })
}
