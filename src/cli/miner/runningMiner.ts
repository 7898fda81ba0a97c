import { z } from 'zod'
import { messageOf } from '../../base/errors.ts'
import { parseInput } from '../../base/parse.ts'

const caller = z.object({
  hotkey: z.string(),
  answered: z.number(),
  unanswered: z.number(),
  lastAtMs: z.number(),
  lastError: z.string().optional(),
})

/** What `GET /status` of a miner says, as far as it is shown here. */
const schema = z.object({
  role: z.literal('miner'),
  hotkey: z.string(),
  answered: z.number(),
  unanswered: z.number(),
  callers: z.array(caller),
})

export type RunningMiner = z.output<typeof schema>

const timeoutMs = 3_000

/** Asks the miner that runs on this machine who has asked it. @returns its status, or why there is none */
export async function runningMiner(port: number): Promise<RunningMiner | { readonly problem: string }> {
  const at = `http://127.0.0.1:${port}/status`
  try {
    const response = await fetch(at, { signal: AbortSignal.timeout(timeoutMs) })
    return parseInput(schema, await response.json(), at)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    return { problem: `no miner answers at ${at}: ${messageOf(error)}${cause}` }
  }
}
