import type { EngineEvent, GenerateRequest } from './engine.ts'
import { EngineError } from './engineError.ts'
import { sumOfStats } from './engineStats.ts'
import type { Session } from './openSession.ts'

/**
 * Sessions of one model as one: each request goes to the one with the fewest running, the first of equals. One that has
 * ended by itself is left out from then on, and a request that it had given no event goes to another.
 *
 * @param sessions at least one
 */
export function sessionPool(sessions: readonly Session[]): Session {
  const running = new Map(sessions.map((session) => [session, 0]))
  let closed = false

  async function* generate(
    request: GenerateRequest,
    signal?: AbortSignal,
    priority?: number,
  ): AsyncGenerator<EngineEvent, void> {
    for (;;) {
      const session = leastBusy(running)
      if (session === undefined) throw new EngineError('all sessions have ended', { code: 'closed', model: 'pool' })
      running.set(session, running.get(session)! + 1)
      let begun = false
      try {
        for await (const event of session.generate(request, signal, priority)) {
          begun = true
          yield event
        }
        return
      } catch (error) {
        const hasEnded = error instanceof EngineError && error.failure.code === 'closed'
        if (hasEnded && !closed) running.delete(session)
        if (!hasEnded || closed || begun) throw error
      } finally {
        const count = running.get(session)
        if (count !== undefined) running.set(session, count - 1)
      }
    }
  }

  return {
    lines: sessions.flatMap(({ lines }) => lines),
    generate,
    stats: () => sessions.map((session) => session.stats()).reduce(sumOfStats),
    close: async () => {
      closed = true
      await Promise.all(sessions.map((session) => session.close()))
    },
  }
}

function leastBusy(running: ReadonlyMap<Session, number>): Session | undefined {
  let least: Session | undefined
  for (const [session, count] of running) {
    if (least === undefined || count < running.get(least)!) least = session
  }
  return least
}
