import {
  type BlockContext,
  badOrigin,
  call,
  constant,
  errorsOf,
  event,
  eventsOf,
  type Pallet,
  requireRoot,
} from '../pallet.ts'
import { u64, vec } from '../scale/types.ts'
import type { State } from '../state.ts'
import { isRoundSigned } from './drand/isRoundSigned.ts'
import { storage } from './drand/storage.ts'
import { beaconConfigurationPayload, type Pulse, payloadSignature, pulsesPayload } from './drand/types.ts'
import { storage as timestamp } from './timestamp.ts'

const name = 'Drand'
const index = 26
/** A week of quicknet. */
const mostKept = 216_000n
const mostRemovedAtOnce = 100

const errorIndices = { InvalidRoundNumber: 4, PulseVerificationError: 5 }
const errors = errorsOf(name, index, errorIndices)

const events = eventsOf(name, index, {
  BeaconConfigChanged: event(0, {}),
  NewPulse: event(1, { rounds: vec(u64) }),
  SetOldestStoredRound: event(2, { 0: u64 }),
})

/**
 * Stores a pulse that is newer than the last one. The chain of July 2026 wants each round in its turn; the beacon of a
 * localnet may leave out rounds that nobody waits for, as releases before allowed.
 *
 * @throws DispatchFailure InvalidRoundNumber, PulseVerificationError
 */
function storePulse(state: State, pulse: Pulse): void {
  const { round, signature } = pulse
  if (!isRoundSigned(state.get(storage.BeaconConfig).public_key, round, signature))
    throw errors.PulseVerificationError()
  if (round <= state.get(storage.LastStoredRound)) throw errors.InvalidRoundNumber()
  state.set(storage.Pulses, [round], pulse)
  state.set(storage.LastStoredRound, [], round)
  if (state.get(storage.OldestStoredRound) === 0n) state.set(storage.OldestStoredRound, [], round)
}

function prune(state: State): void {
  const last = state.get(storage.LastStoredRound)
  let oldest = state.get(storage.OldestStoredRound)
  for (let i = 0; i < mostRemovedAtOnce && last - oldest + 1n > mostKept; i++) state.remove(storage.Pulses, oldest++)
  state.set(storage.OldestStoredRound, [], oldest)
}

const calls = {
  /** Only the node's own blocks have it; it costs nobody anything. */
  write_pulse: call(
    0,
    { pulses_payload: pulsesPayload, signature: payloadSignature },
    (context, { pulses_payload: { pulses } }) => {
      if (context.origin.kind !== 'none') throw badOrigin()
      const { state } = context
      for (const pulse of pulses) storePulse(state, pulse)
      prune(state)
      state.set(storage.NextUnsignedAt, [], context.block)
      if (pulses.length > 0) context.emit(events.NewPulse, { rounds: pulses.map(({ round }) => round) })
    },
    { pays: 'No' },
  ),
  /** Follows another beacon from now on. */
  set_beacon_config: call(
    1,
    { config_payload: beaconConfigurationPayload, signature: payloadSignature },
    (context, { config_payload: { config } }) => {
      requireRoot(context)
      context.state.set(storage.BeaconConfig, [], config)
      context.state.set(storage.NextUnsignedAt, [], context.block + 1)
      context.emit(events.BeaconConfigChanged, {})
    },
  ),
  set_oldest_stored_round: call(2, { oldest_round: u64 }, (context, { oldest_round }) => {
    requireRoot(context)
    context.state.set(storage.OldestStoredRound, [], oldest_round)
    context.emit(events.SetOldestStoredRound, { 0: oldest_round })
  }),
}

/**
 * A beacon of the localnet's own has no time of birth in block 0, so that block 0, and with it the chain's hash, is the
 * same at each start. It begins with the second whole second after block 1.
 */
function beginBeacon({ state }: BlockContext): void {
  const config = state.get(storage.BeaconConfig)
  if (config.genesis_time !== 0) return
  const genesis_time = Math.floor(Number(state.get(timestamp.Now)) / 1000) + 2
  state.set(storage.BeaconConfig, [], { ...config, genesis_time })
}

/** The signatures of a drand beacon, by which the chain opens what was locked to a round. */
export const drand: Pallet = {
  name,
  index,
  storage,
  calls,
  events,
  errors: errorIndices,
  constants: { UnsignedPriority: constant(u64, 1n << 20n), HttpFetchTimeout: constant(u64, 1000n) },
  onFinalize: beginBeacon,
}
