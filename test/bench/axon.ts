import { requestsByHttp } from './axonHttp.ts'
import { idleMemory } from './axonIdle.ts'
import { newSessions } from './axonNewSessions.ts'
import { roundTrips } from './axonRoundTrips.ts'
import { underFlood } from './axonUnderFlood.ts'
import type { BenchResult } from './harness.ts'

/** The axon and its dendrite, against what the same machine does without them. */
export async function bench(): Promise<BenchResult> {
  const sessions = [...(await roundTrips()), ...(await newSessions()), ...(await idleMemory()), ...(await underFlood())]
  const cases = [...sessions, ...(await requestsByHttp())]
  return { name: 'axon', cases }
}
