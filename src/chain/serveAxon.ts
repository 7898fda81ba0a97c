import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Submitted, submit } from './submit.ts'

export interface ServeOptions {
  /** The hotkey that serves. */
  readonly signer: Signer
  readonly netuid: number
  readonly ip: bigint
  readonly ipType: 4 | 6
  readonly port: number
  /** Algorithm byte (1 = Ed25519) and the TLS key that callers pin, 33 bytes. */
  readonly certificate: Uint8Array
  readonly version?: number
}

/** Announces an axon and the key of its TLS certificate. @see facts: subtensor-chain.md, serve_axon_tls */
export async function serveAxon(chain: Chain, options: ServeOptions): Promise<Submitted> {
  const { netuid, version = 1, ip, port, ipType, certificate } = options
  // Protocol 4 is what the Python SDK announces; the chain does not look at it.
  const args = [netuid, version, ip, port, ipType, 4, 0, 0, [...certificate]]
  return await submit(chain, composeCall(chain, 'SubtensorModule', 'serve_axon_tls', args), { signer: options.signer })
}
