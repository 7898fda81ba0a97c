import { z } from 'zod'
import { parseInput } from '../../base/parse.ts'

const minerSchema = z.object({
  uid: z.number(),
  hotkey: z.string(),
  domains: z.array(z.string()),
  answers: z.number(),
  score: z.number(),
})

/** What `GET /status` of a validator says, as far as it is shown here. */
const schema = z.object({
  hotkey: z.string(),
  answers: z.object({ sent: z.number(), scored: z.number(), failed: z.number() }),
  inFlight: z.number(),
  weightsSet: z.number(),
  miners: z.array(minerSchema),
})

export type ValidatorStatus = z.output<typeof schema>

const timeoutMs = 2_000

/** Asks a validator how it is doing; undefined while it does not answer, e.g. because it is being restarted. */
export async function validatorStatus(port: number): Promise<ValidatorStatus | undefined> {
  let response: Response
  try {
    response = await fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(timeoutMs) })
  } catch {
    return undefined
  }
  return response.ok ? parseInput(schema, await response.json(), 'validator status') : undefined
}
