import { joinSignals } from '../../base/joinSignals.ts'
import { ClientError, createClient } from '../../client/client.ts'
import type { AskSettings, OpenAsker } from './openAsker.ts'

/** Asks the subnet as an app builder does; each answer's receipt is verified. */
export function openGatewayAsker(gateway: string, { domain, maxTokens, timeoutMs }: AskSettings): OpenAsker {
  const client = createClient({ baseUrl: gateway })
  return {
    model: `${domain} at ${gateway}`,
    about: { gateway, domain },
    close: async () => undefined,
    ask: async (messages, signal) => {
      const ending = joinSignals([signal], timeoutMs)
      try {
        const options = { domain, messages, maxTokens, temperature: 0, signal: ending.signal }
        const { text, elapsedMs } = await client.ask(options)
        return { text, elapsedMs }
      } catch (error) {
        signal.throwIfAborted()
        if (ending.isLate()) return { problem: `no whole answer within ${timeoutMs} ms` }
        if (!(error instanceof ClientError) || error.failure.code === 'unreachable') throw error
        return { problem: error.message }
      } finally {
        ending.release()
      }
    },
  }
}
