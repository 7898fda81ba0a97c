import { idleMemory } from './axonIdle.ts'
import { newSessions } from './axonNewSessions.ts'
import { roundTrips } from './axonRoundTrips.ts'
import { underFlood } from './axonUnderFlood.ts'
import type { BenchResult } from './harness.ts'

/** The axon and its dendrite, against what the same machine does without them. */
export async function bench(): Promise<BenchResult> {
  const cases = [...(await roundTrips()), ...(await newSessions()), ...(await idleMemory()), ...(await underFlood())]
  return { name: 'axon', cases }
}
