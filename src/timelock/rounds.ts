import type { Beacon } from './beacon.ts'

type Schedule = Pick<Beacon, 'genesisTimeS' | 'periodS'>

/** The newest round that is due at a time; 0 before the first one. @param timeMs milliseconds since 1970 */
export function roundAt({ genesisTimeS, periodS }: Schedule, timeMs: number): number {
  const elapsedMs = timeMs - genesisTimeS * 1000
  return elapsedMs < 0 ? 0 : Math.floor(elapsedMs / (periodS * 1000)) + 1
}

/** When a round is due, in milliseconds since 1970. @param round from 1 */
export function timeOfRoundMs({ genesisTimeS, periodS }: Schedule, round: number): number {
  return (genesisTimeS + (round - 1) * periodS) * 1000
}

/**
 * The round whose pulse is sure to be there at a time: the one before the newest, as the chain's own clients reckon.
 *
 * @param timeMs milliseconds since 1970
 * @returns at least 1
 * @see facts: commit-reveal.md, 4.5
 */
export function revealRoundAt(schedule: Schedule, timeMs: number): number {
  return Math.max(1, roundAt(schedule, timeMs) - 1)
}
