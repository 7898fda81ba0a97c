import { z } from 'zod'
import { type AskRequest, askRequestSchema } from './askRequest.ts'
import {
  addressField,
  domainField,
  genesisField,
  hashField,
  idField,
  netuidField,
  signatureField,
  timestampField,
} from './fields.ts'

// What a caller sends to an axon: one JSON text frame each. Unknown keys are refused, so that a misspelt option is
// found out instead of ignored.

/** First message of a session; see `hello.ts` for what is signed. */
const helloSchema = z.strictObject({
  type: z.literal('hello'),
  protocol: z.int(),
  caller: addressField,
  axon: addressField,
  genesis: genesisField,
  netuid: netuidField,
  /** The TLS exporter value as the caller sees it. */
  channel: hashField,
  timestampMs: timestampField,
  /** The caller's sr25519 hotkey over `helloBytes`. */
  signature: signatureField,
})

const askSchema = z.strictObject({
  type: z.literal('ask'),
  id: idField,
  domain: domainField,
  request: askRequestSchema,
  /** How long from now an answer is of use; the axon clips it to its own limit. */
  deadlineMs: z.int().min(1),
  /** False: an answer without receipt will do. The axon may sign one all the same. */
  receipt: z.boolean().exactOptional(),
})

const cancelSchema = z.strictObject({ type: z.literal('cancel'), id: idField })
const pingSchema = z.strictObject({ type: z.literal('ping') })

export const callerMessageSchema = z.discriminatedUnion('type', [askSchema, helloSchema, cancelSchema, pingSchema])

export type HelloMessage = Readonly<z.output<typeof helloSchema>>
export type AskMessage = Readonly<Omit<z.output<typeof askSchema>, 'request'>> & { readonly request: AskRequest }
export type CallerMessage = HelloMessage | AskMessage | Readonly<z.output<typeof cancelSchema | typeof pingSchema>>
