import { expect } from 'vitest'
import { connect } from '../../src/dendrite/connect.ts'
import { asking, type World } from '../unit/axon/axonWorld.ts'

/** After an attack: an honest caller gets a whole answer with a good receipt. */
export async function expectServes(world: World, uri = '//Dave'): Promise<void> {
  const session = await connect({ ...world.target, ...(await world.caller(uri)) })
  try {
    const answer = await session.askOnce(asking('still there?'), { domain: 'law', timeoutMs: 20_000 })
    expect(answer.text).toBe('still there?')
    expect(answer.receipt).toBeDefined()
  } finally {
    session.close()
  }
}
