import { sha256 } from '@noble/hashes/sha2.js'
import { schemeId } from '../../timelock/beacon.ts'
import { makeBeaconKey } from '../../timelock/makeBeaconKey.ts'
import { roundAt } from '../../timelock/rounds.ts'
import { randomnessOf, signRound } from '../../timelock/scheme.ts'
import { noteSigned } from '../pallets/drand/isRoundSigned.ts'
import { storage } from '../pallets/drand/storage.ts'
import type { BeaconConfiguration, Pulse } from '../pallets/drand/types.ts'
import { awaitedRounds } from './awaitedRounds.ts'
import type { PulseRequest, PulseSource } from './pulseSource.ts'

export interface LocalBeaconOptions {
  /** The same seed gives the same key, and with it the same genesis. It is no secret. */
  readonly seed: string
  readonly periodS: number
  readonly nowMs: () => number
}

/** Rounds that nobody waits for are signed this far apart in real time, so that mining stays fast. */
const idleMs = 100
/** More of them than this at once, and only the newest is signed. */
const mostIdleRounds = 8n
/** The others wait for the next block, so that none takes seconds. */
const mostAwaitedRounds = 100

/**
 * A beacon with a key of its own, which keeps the time of the chain: a round's pulse is in the first block whose time
 * has reached it. Where blocks are mined faster than time passes, rounds that nothing waits for are left out.
 */
export function localBeacon({ seed, periodS, nowMs }: LocalBeaconOptions): PulseSource {
  const { secret, publicKey } = makeBeaconKey(seed)
  let idleAtMs = Number.NEGATIVE_INFINITY
  return {
    configuration: configurationOf(publicKey, periodS),
    due({ state, timestampMs }: PulseRequest): Pulse[] {
      const config = state.get(storage.BeaconConfig)
      // The chain follows another beacon, or ours has not begun, or root has stopped it.
      if (Buffer.compare(config.public_key, publicKey) !== 0) return []
      if (config.genesis_time === 0 || config.period === 0) return []
      const last = state.get(storage.LastStoredRound)
      const schedule = { genesisTimeS: config.genesis_time, periodS: config.period }
      const due = BigInt(roundAt(schedule, timestampMs))
      if (due <= last) return []
      const awaited = [...awaitedRounds(state)].filter((round) => round > last && round <= due).sort(ascending)
      const rounds = new Set(awaited.slice(0, mostAwaitedRounds))
      if (awaited.length <= mostAwaitedRounds && nowMs() - idleAtMs >= idleMs) {
        idleAtMs = nowMs()
        for (let round = due - last > mostIdleRounds ? due : last + 1n; round <= due; round++) rounds.add(round)
      }
      return [...rounds].sort(ascending).map((round) => sign(secret, publicKey, round))
    },
    start: () => undefined,
    stop: () => undefined,
  }
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1)

function sign(secret: bigint, publicKey: Uint8Array, round: bigint): Pulse {
  const signature = signRound(secret, round)
  noteSigned(publicKey, round, signature)
  return { round, randomness: randomnessOf(signature), signature }
}

/** The hashes only name the beacon. Its time of birth is the chain's to set: see the Drand pallet. */
function configurationOf(publicKey: Uint8Array, periodS: number): BeaconConfiguration {
  const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'ascii'))
  return {
    public_key: publicKey,
    period: periodS,
    genesis_time: 0,
    hash: sha256(publicKey),
    group_hash: sha256(sha256(publicKey)),
    scheme_id: ascii(schemeId),
    metadata: { beacon_id: ascii('localnet') },
  }
}
