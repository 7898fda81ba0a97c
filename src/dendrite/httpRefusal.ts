import { z } from 'zod'
import { retryAfterMs } from '../base/retryAfterMs.ts'
import { parseWireJson } from '../wire/parseWireJson.ts'
import type { WireErrorCode } from '../wire/wireError.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { DendriteError } from './dendriteError.ts'
import { readAll } from './readHttpAnswer.ts'

/** What the statuses of SDK 10's axons mean here (facts: bittensor-wire.md, 1.8), and 429, which ours have too. */
const reasons: Readonly<Record<number, WireErrorCode>> = {
  400: 'bad-request',
  401: 'bad-signature',
  403: 'denied',
  404: 'no-such-path',
  408: 'deadline',
  413: 'oversize',
  422: 'bad-request',
  429: 'rate-limited',
  503: 'busy',
}

const maxRefusalBytes = 64 * 1024
const messageSchema = z.object({ message: z.string() })

/** What is read of a reply that is no answer. */
export interface HttpRefusal {
  readonly statusCode: number
  /** Lists where the peer sent a header more than once. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array>
}

/** The error behind a reply that is no answer, with the wait that its `Retry-After` names. Never throws for an odd body. */
export async function refusalOf(
  { statusCode: status, headers, body }: HttpRefusal,
  hotkey: string,
): Promise<DendriteError> {
  const reason = reasons[status] ?? 'failed'
  const waitMs = retryAfterMs([headers['retry-after']].flat()[0], Date.now())
  const text = await readAll(body, maxRefusalBytes)
  const parsed = text === undefined ? undefined : parseWireJson(text)
  const read = parsed?.ok === true ? messageSchema.safeParse(parsed.value) : undefined
  const told = read?.success === true ? read.data.message.slice(0, wireLimits.maxErrorChars) : `status ${status}`
  const failure = { code: 'unanswered', reason, ...(waitMs !== undefined && { retryAfterMs: waitMs }) } as const
  return new DendriteError(`${hotkey} does not answer: ${told}`, failure)
}
