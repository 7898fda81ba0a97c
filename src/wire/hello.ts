import type { HelloMessage } from './callerMessage.ts'

export const protocolVersion = 1

/** Where an axon takes WebSocket upgrades for sessions of this protocol. */
export const sessionPath = '/session'

/** Both ends derive the channel value with this label, no context and 32 bytes (RFC 8446, 7.5). */
export const channelLabel = 'EXPORTER-faculty-hello-v1'
export const channelBytes = 32

const tag = 'faculty-hello-v1'
const encoder = new TextEncoder()

/**
 * The bytes that the caller's hotkey signs: the tag, the caller's hotkey, the axon's hotkey, the genesis hash, the netuid,
 * the TLS exporter value in hex and the time; each on a line of its own that ends with a line feed, all of it ASCII. The
 * exporter value differs for every TLS session and is known to its two ends only, so a hello fits one session and cannot
 * be relayed or replayed.
 */
export function helloBytes(hello: Omit<HelloMessage, 'type' | 'protocol' | 'signature'>): Uint8Array {
  const { caller, axon, genesis, netuid, channel, timestampMs } = hello
  return encoder.encode(`${tag}\n${caller}\n${axon}\n${genesis}\n${netuid}\n${channel}\n${timestampMs}\n`)
}
