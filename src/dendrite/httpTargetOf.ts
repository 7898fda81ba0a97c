import { hostOfChainIp } from '../wire/axonAddress.ts'
import type { HttpTarget } from './httpDendrite.ts'

/** Of a neuron what tells how to speak to it; the metagraph's neurons have it. */
export interface AnnouncedNeuron {
  readonly hotkey: string
  readonly axon:
    | { readonly ip: bigint; readonly ipType: number; readonly port: number; readonly version: number }
    | undefined
  readonly certificate: object | undefined
}

/** SDK 6 and later publish major · 10⁶ + minor · 10³ + patch. */
const firstSdkVersion = 6_000_000

/**
 * How to reach a neuron by HTTP, from what it announced: an SDK's version number means that SDK's dialect, a small one
 * SDK 11's. Undefined for one that serves nothing, and for one with a certificate, which has sessions to offer.
 *
 * @throws InputError for an address that is none
 * @see facts: bittensor-wire.md, 1.14
 */
export function httpTargetOf({ hotkey, axon, certificate }: AnnouncedNeuron): HttpTarget | undefined {
  if (axon === undefined || certificate !== undefined) return undefined
  const dialect = axon.version >= firstSdkVersion ? 'synapse' : 'btauth'
  return { host: hostOfChainIp(axon), port: axon.port, hotkey, dialect }
}
