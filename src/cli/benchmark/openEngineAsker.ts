import { joinSignals } from '../../base/joinSignals.ts'
import type { Engine } from '../../engine/engine.ts'
import { EngineError } from '../../engine/engineError.ts'
import type { AskSettings, OpenAsker } from './openAsker.ts'

/** What one question may fail with while others do not. */
const ownFaults: readonly string[] = ['too-long', 'bad-request', 'bad-output', 'timeout', 'upstream']

/** Asks an engine: a local model, or servers behind the OpenAI-compatible one. Closing the asker closes the engine. */
export function openEngineAsker(engine: Engine, { maxTokens, timeoutMs }: AskSettings): OpenAsker {
  return {
    model: engine.model.name,
    about: { fingerprint: engine.model.fingerprint, device: engine.model.device },
    close: () => engine.close(),
    ask: async (messages, signal) => {
      const startedAtMs = performance.now()
      const ending = joinSignals([signal], timeoutMs)
      let text = ''
      try {
        const request = { messages, maxTokens, temperature: 0 }
        for await (const event of engine.generate(request, ending.signal)) {
          if (event.type === 'text') text += event.text
        }
      } catch (error) {
        signal.throwIfAborted()
        if (ending.isLate()) return { problem: `no whole answer within ${timeoutMs} ms` }
        if (error instanceof EngineError && ownFaults.includes(error.failure.code))
          return { problem: error.failure.code }
        throw error
      } finally {
        ending.release()
      }
      return { text, elapsedMs: performance.now() - startedAtMs }
    },
  }
}
