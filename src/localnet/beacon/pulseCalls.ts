import type { NextBlock } from '../nodeOptions.ts'
import type { Call } from '../pallet.ts'
import type { PulseSource } from './pulseSource.ts'

/** What the node writes into a block for its beacon: one call a pulse, as the real node sends them. */
export function pulseCalls(source: PulseSource, { state, number, timestampMs, author }: NextBlock): Call[] {
  const publicKey = Uint8Array.from(Buffer.from(author.slice(2), 'hex'))
  return source.due({ state, timestampMs }).map((pulse) => {
    const payload = { block_number: number, pulses: [pulse], public: { type: 'Sr25519', 0: publicKey } }
    return { pallet: 'Drand', name: 'write_pulse', args: { pulses_payload: payload, signature: undefined } }
  })
}
