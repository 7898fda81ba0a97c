import { z } from 'zod'
import { addressField, hashField } from './fields.ts'
import { receiptSchema } from './receipt.ts'

/**
 * One ask of an app builder, as a gateway tells it to a validator: who was asked and what came of it. The question and the
 * answer stay with the gateway; the receipt holds their hashes.
 */
export const trafficEntrySchema = z.object({
  /** Rises by one with each ask that the gateway has made since it started. */
  id: z.int().min(0),
  hotkey: addressField,
  domain: z.string().max(64),
  /** `answered`, or the code of the failure. */
  outcome: z.string().max(64),
  elapsedMs: z.number().min(0),
  /** Of an answer that had one. */
  receipt: receiptSchema.optional(),
})

export type TrafficEntry = Readonly<z.output<typeof trafficEntrySchema>>

/** What `GET /traffic?after=ID` of a gateway's status port shows. */
export const trafficPageSchema = z.object({
  /** Of this start of the gateway, 64 hex digits: with another one, ids begin anew. */
  run: hashField,
  entries: z.array(trafficEntrySchema),
})

export type TrafficPage = Readonly<z.output<typeof trafficPageSchema>>
