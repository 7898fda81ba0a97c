import { InputError } from '../base/errors.ts'
import type { Metagraph, Neuron } from '../chain/getMetagraph.ts'
import type { Target } from '../dendrite/target.ts'
import { isSoundPublicKey } from '../keys/ed25519.ts'
import { hostOfChainIp } from '../wire/axonAddress.ts'

/** A neuron that serves an axon. */
export interface Miner {
  readonly uid: number
  readonly hotkey: string
  /** How to reach it, or why nobody can. */
  readonly target: Target | { readonly problem: string }
}

/** What a certificate's first byte says of an Ed25519 key. @see facts: subtensor-chain.md, serve_axon_tls */
const ed25519Algorithm = 1

/** The neurons that serve an axon, other than this validator, by uid. */
export function minersOf(metagraph: Metagraph, ownHotkey: string): Miner[] {
  return metagraph.neurons
    .filter(({ axon, hotkey }) => axon !== undefined && hotkey !== ownHotkey)
    .map((neuron) => ({ uid: neuron.uid, hotkey: neuron.hotkey, target: targetOf(neuron) }))
}

function targetOf({ axon, certificate, hotkey }: Neuron): Miner['target'] {
  if (certificate === undefined) return { problem: 'it published no certificate (serve_axon_tls)' }
  if (certificate.algorithm !== ed25519Algorithm || !isSoundPublicKey(certificate.publicKey)) {
    return { problem: 'its certificate holds no Ed25519 key' }
  }
  try {
    return { host: hostOfChainIp(axon!), port: axon!.port, publicKey: certificate.publicKey, hotkey }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { problem: error.explanation }
  }
}
