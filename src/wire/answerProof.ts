import { z } from 'zod'
import { askRequestSchema } from './askRequest.ts'
import { addressField, hashField } from './fields.ts'
import { receiptSchema } from './receipt.ts'

/**
 * What a gateway adds to an answer so that an app builder can check it: the `faculty` object of a chat completion, and
 * of the last chunk of a streamed one.
 */
export const answerProofSchema = z.object({
  receipt: receiptSchema,
  miner: z.object({ hotkey: addressField, uid: z.int().min(0).max(65_535) }),
  /** The miner's u16 of the last epoch that the gateway knows; 0: validators have not scored it yet, or found it no good. */
  incentive: z.int().min(0).max(65_535),
  /** The miner's Ed25519 key as 64 hex digits, as the gateway read it from `NeuronCertificates` on chain. */
  publicKey: hashField,
  /** The request as the miner got it, without its messages: defaults filled in. Hashed into `settingsHash`. */
  settings: askRequestSchema.omit({ messages: true }),
})

export type AnswerProof = Readonly<z.output<typeof answerProofSchema>>

/** Response header with the hotkey of the miner that answers. */
export const minerHeader = 'x-faculty-miner'

/** Reply header of a gateway with the completion's id, under which its log has the request; OpenAI's own name. */
export const requestIdHeader = 'x-request-id'
