import { InputError } from '../base/errors.ts'
import type { Metagraph, Neuron } from '../chain/getMetagraph.ts'
import type { Target } from '../dendrite/target.ts'
import { hostOfChainIp } from '../wire/axonAddress.ts'
import { axonKeyOf } from '../wire/axonCertificate.ts'

/** A neuron that serves an axon. */
export interface Miner {
  readonly uid: number
  readonly hotkey: string
  /** How to reach it, or why nobody can. */
  readonly target: Target | { readonly problem: string }
}

/** The neurons that serve an axon, other than this validator, by uid. */
export function minersOf(metagraph: Metagraph, ownHotkey: string): Miner[] {
  return metagraph.neurons
    .filter(({ axon, hotkey }) => axon !== undefined && hotkey !== ownHotkey)
    .map((neuron) => ({ uid: neuron.uid, hotkey: neuron.hotkey, target: targetOf(neuron) }))
}

function targetOf({ axon, certificate, hotkey }: Neuron): Miner['target'] {
  if (certificate === undefined) return { problem: 'it published no certificate (serve_axon_tls)' }
  const publicKey = axonKeyOf(certificate)
  if (publicKey === undefined) return { problem: 'its certificate holds no Ed25519 key' }
  try {
    return { host: hostOfChainIp(axon!), port: axon!.port, publicKey, hotkey }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { problem: error.explanation }
  }
}
