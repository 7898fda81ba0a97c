import { isSoundPublicKey } from '../keys/ed25519.ts'

/** First byte of a published certificate: the algorithm. @see facts: subtensor-chain.md, serve_axon_tls */
export const ed25519Algorithm = 1

/** What stands on chain in `NeuronCertificates`; anything may. */
export interface AxonCertificate {
  readonly algorithm: number
  readonly publicKey: Uint8Array
}

/** The Ed25519 key of an axon's certificate; undefined where there is none that could be used. */
export function axonKeyOf(certificate: AxonCertificate | undefined): Uint8Array | undefined {
  if (certificate?.algorithm !== ed25519Algorithm) return undefined
  return isSoundPublicKey(certificate.publicKey) ? certificate.publicKey : undefined
}
