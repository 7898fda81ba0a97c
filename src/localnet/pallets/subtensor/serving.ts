import { call, type DispatchFailure, signer } from '../../pallet.ts'
import { type AccountId, netUid } from '../../scale/chainTypes.ts'
import { bytes, u8, u16, u32, u128 } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { storage } from './storage.ts'

/** What a serving call says about its endpoint. */
export interface Endpoint {
  readonly netuid: number
  readonly ip: bigint
  readonly port: number
  readonly ip_type: number
}

interface View {
  readonly state: State
  readonly block: number
}

const ipv4Loopback = 0x7f00_0001n

function isValidIp({ ip, ip_type }: Endpoint, mayBeZero: boolean): boolean {
  if (ip === 0n) return mayBeZero
  if (ip_type === 4) return ip < 0xffff_ffffn && ip !== ipv4Loopback
  return ip !== (1n << 128n) - 1n && ip !== 1n
}

function ipFailure(endpoint: Endpoint, mayBeZero: boolean): DispatchFailure | undefined {
  if (endpoint.ip_type !== 4 && endpoint.ip_type !== 6) return errors.InvalidIpType()
  return isValidIp(endpoint, mayBeZero) ? undefined : errors.InvalidIpAddress()
}

/** The pool of April 2026 was content with any subnet. */
function isRegistered(state: State, hotkey: AccountId, netuid: number): boolean {
  if (state.face.rules.poolChecks === 'june') return state.has(storage.Uids, netuid, hotkey)
  return [...state.entries(storage.IsNetworkMember, hotkey)].some(([, isMember]) => isMember)
}

function registrationFailure({ state }: View, hotkey: AccountId, netuid: number): DispatchFailure | undefined {
  return isRegistered(state, hotkey, netuid) ? undefined : errors.HotKeyNotRegisteredInNetwork()
}

function rateFailure({ state, block }: View, netuid: number, lastServed: bigint): DispatchFailure | undefined {
  const limit = state.get(storage.ServingRateLimit, netuid)
  const passes = limit === 0n || lastServed === 0n || BigInt(block) - lastServed >= limit
  return passes ? undefined : errors.ServingRateLimitExceeded()
}

function portFailure({ port }: Endpoint): DispatchFailure | undefined {
  return port === 0 ? errors.InvalidPort() : undefined
}

/**
 * Everything that `serve_axon` and `serve_axon_tls` check, in their order; private addresses are accepted.
 *
 * @throws DispatchFailure
 * @see facts: subtensor-chain.md, (d) serve_axon
 */
export function checkAxon(view: View, hotkey: AccountId, endpoint: Endpoint): void {
  const failure =
    registrationFailure(view, hotkey, endpoint.netuid) ??
    ipFailure(endpoint, true) ??
    rateFailure(view, endpoint.netuid, view.state.get(storage.Axons, endpoint.netuid, hotkey)?.block ?? 0n) ??
    portFailure(endpoint)
  if (failure !== undefined) throw failure
}

/** Everything that `serve_prometheus` checks: the address before the registration, and it may not be zero. */
export function checkPrometheus(view: View, hotkey: AccountId, endpoint: Endpoint): void {
  const failure =
    ipFailure(endpoint, false) ??
    registrationFailure(view, hotkey, endpoint.netuid) ??
    rateFailure(view, endpoint.netuid, view.state.get(storage.Prometheus, endpoint.netuid, hotkey)?.block ?? 0n) ??
    portFailure(endpoint)
  if (failure !== undefined) throw failure
}

const longestCertificateBytes = 65

/** First byte: algorithm (1 is Ed25519); the rest: public key. Anything else is silently left out, as on chain. */
function storeCertificate(state: State, netuid: number, hotkey: AccountId, certificate: Uint8Array): void {
  if (certificate.length === 0 || certificate.length > longestCertificateBytes) return
  const entry = { algorithm: certificate[0]!, public_key: certificate.slice(1) }
  state.set(storage.NeuronCertificates, [netuid, hotkey], entry)
}

const prometheusFields = { netuid: netUid, version: u32, ip: u128, port: u16, ip_type: u8 } as const
const axonFields = { ...prometheusFields, protocol: u8, placeholder1: u8, placeholder2: u8 } as const
const free = { pays: 'No' } as const

export const servingCalls = {
  serve_axon: call(
    4,
    axonFields,
    (context, { netuid, ...axon }) => {
      const hotkey = signer(context)
      checkAxon(context, hotkey, { netuid, ...axon })
      context.state.set(storage.Axons, [netuid, hotkey], { ...axon, block: BigInt(context.block) })
      context.emit(events.AxonServed, { 0: netuid, 1: hotkey })
    },
    free,
  ),
  serve_axon_tls: call(
    40,
    { ...axonFields, certificate: bytes },
    (context, { netuid, certificate, ...axon }) => {
      const hotkey = signer(context)
      checkAxon(context, hotkey, { netuid, ...axon })
      storeCertificate(context.state, netuid, hotkey, certificate)
      context.state.set(storage.Axons, [netuid, hotkey], { ...axon, block: BigInt(context.block) })
      context.emit(events.AxonServed, { 0: netuid, 1: hotkey })
    },
    free,
  ),
  serve_prometheus: call(
    5,
    prometheusFields,
    (context, { netuid, ...prometheus }) => {
      const hotkey = signer(context)
      checkPrometheus(context, hotkey, { netuid, ...prometheus })
      context.state.set(storage.Prometheus, [netuid, hotkey], { ...prometheus, block: BigInt(context.block) })
      context.emit(events.PrometheusServed, { 0: netuid, 1: hotkey })
    },
    free,
  ),
}
