import { z } from 'zod'
import { addressField, domainField, genesisField, hashField, idField, netuidField, tokenCountField } from './fields.ts'
import { sealSchema } from './receipt.ts'
import { wireErrorCodes } from './wireError.ts'
import { wireLimits as limits } from './wireLimits.ts'

// What an axon sends to a caller: one JSON text frame each. Unknown keys are dropped, so that an axon may say more than
// an older caller understands.

const modelSchema = z.object({
  domain: domainField,
  name: z.string().max(limits.maxModelNameChars),
  fingerprint: hashField,
})

const sessionLimitsSchema = z.object({
  maxFrameBytes: z.int().min(1),
  /** Asks that one session may have in flight, waiting or running. */
  maxPending: z.int().min(1),
  maxDeadlineMs: z.int().min(1),
  /** The caller must be heard at least this often; a `ping` will do. */
  heartbeatMs: z.int().min(1),
  /** A session without any ask for this long is closed. */
  idleMs: z.int().min(1),
})

const welcomeSchema = z.object({
  type: z.literal('welcome'),
  protocol: z.int(),
  hotkey: addressField,
  genesis: genesisField,
  netuid: netuidField,
  domains: z.array(domainField).max(limits.maxDomains),
  /** At most one a domain; a domain without one is answered without a model. */
  models: z.array(modelSchema).max(limits.maxDomains),
  limits: sessionLimitsSchema,
})

const pieceSchema = z.object({ type: z.literal('piece'), id: idField, text: z.string() })

const doneSchema = z.object({
  type: z.literal('done'),
  id: idField,
  /** The last piece; a short answer has no other. */
  text: z.string().exactOptional(),
  reason: z.enum(['stop', 'length']),
  promptTokens: tokenCountField,
  completionTokens: tokenCountField,
  confidence: z.number().min(0).max(1).exactOptional(),
  traceHash: hashField,
  receipt: sealSchema.exactOptional(),
})

const errorSchema = z.object({
  type: z.literal('error'),
  /** Absent where the error is not about one ask. */
  id: idField.exactOptional(),
  code: z.enum(wireErrorCodes),
  message: z.string().max(limits.maxErrorChars),
  retryAfterMs: z.int().min(0).exactOptional(),
})

const pongSchema = z.object({ type: z.literal('pong') })

/** No new asks are taken; those in flight are still answered. */
const goodbyeSchema = z.object({ type: z.literal('goodbye'), reason: z.enum(['draining', 'idle']) })

export const axonMessageSchema = z.discriminatedUnion('type', [
  doneSchema,
  pieceSchema,
  errorSchema,
  pongSchema,
  welcomeSchema,
  goodbyeSchema,
])

export type ServedModel = Readonly<z.output<typeof modelSchema>>
export type SessionLimits = Readonly<z.output<typeof sessionLimitsSchema>>
export type WelcomeMessage = Readonly<Omit<z.output<typeof welcomeSchema>, 'domains' | 'models'>> & {
  readonly domains: readonly string[]
  readonly models: readonly ServedModel[]
}
export type DoneMessage = Readonly<z.output<typeof doneSchema>>
export type ErrorMessage = Readonly<z.output<typeof errorSchema>>
export type AxonMessage =
  | DoneMessage
  | ErrorMessage
  | WelcomeMessage
  | Readonly<z.output<typeof pieceSchema | typeof pongSchema | typeof goodbyeSchema>>
