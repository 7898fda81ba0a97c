import { z } from 'zod'
import { parseWireJson } from '../wire/parseWireJson.ts'
import type { WireErrorCode } from '../wire/wireError.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { DendriteError } from './dendriteError.ts'
import { readAll } from './readHttpAnswer.ts'

/** What the statuses of SDK 10's axons mean here (facts: bittensor-wire.md, 1.8). */
const reasons: Readonly<Record<number, WireErrorCode>> = {
  400: 'bad-request',
  401: 'bad-signature',
  403: 'denied',
  404: 'no-such-path',
  408: 'deadline',
  413: 'oversize',
  422: 'bad-request',
  429: 'busy',
  503: 'busy',
}

const maxRefusalBytes = 64 * 1024
const messageSchema = z.object({ message: z.string() })

/** The error behind a reply that is no answer. Never throws for an odd body. */
export async function refusalOf(
  status: number,
  body: AsyncIterable<Uint8Array>,
  hotkey: string,
): Promise<DendriteError> {
  const reason = reasons[status] ?? 'failed'
  const text = await readAll(body, maxRefusalBytes)
  const parsed = text === undefined ? undefined : parseWireJson(text)
  const read = parsed?.ok === true ? messageSchema.safeParse(parsed.value) : undefined
  const told = read?.success === true ? read.data.message.slice(0, wireLimits.maxErrorChars) : `status ${status}`
  return new DendriteError(`${hotkey} does not answer: ${told}`, { code: 'unanswered', reason })
}
