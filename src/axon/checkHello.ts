import { fromHex } from '../keys/hex.ts'
import * as sr25519 from '../keys/sr25519.ts'
import type { HelloMessage } from '../wire/callerMessage.ts'
import { helloBytes, protocolVersion } from '../wire/hello.ts'
import type { WireErrorCode } from '../wire/wireError.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { publicKeyOf } from './publicKeyOf.ts'

export interface HelloExpectation {
  /** The axon's own hotkey. */
  readonly hotkey: string
  readonly genesis: string
  readonly netuid: number
  /** This end's TLS exporter value, 64 hex digits. */
  readonly channel: string
  /** Unix time. */
  readonly nowMs: number
}

/** All that can be checked of a hello without a list of hotkeys and without cryptography. Undefined: nothing is wrong. */
export function checkHelloFields(hello: HelloMessage, expected: HelloExpectation): WireErrorCode | undefined {
  if (hello.protocol !== protocolVersion) return 'wrong-protocol'
  if (hello.axon !== expected.hotkey) return 'wrong-axon'
  if (hello.genesis !== expected.genesis || hello.netuid !== expected.netuid) return 'wrong-network'
  if (Math.abs(hello.timestampMs - expected.nowMs) > wireLimits.helloWindowMs) return 'stale-hello'
  if (hello.channel !== expected.channel) return 'wrong-channel'
  return undefined
}

/** The costly check, some 0.3 ms: whether the hotkey that the hello names signed it. */
export function isSignedHello(hello: HelloMessage): boolean {
  const publicKey = publicKeyOf(hello.caller)
  return publicKey !== undefined && sr25519.verify(publicKey, helloBytes(hello), fromHex(hello.signature, 64))
}
