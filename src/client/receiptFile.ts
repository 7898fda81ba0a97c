import { z } from 'zod'
import { parseJson } from '../base/parse.ts'
import { answerProofSchema } from '../wire/answerProof.ts'
import { askRequestSchema } from '../wire/askRequest.ts'
import { domainField, tokenCountField } from '../wire/fields.ts'
import type { ProvenAnswer } from './verifyAnswer.ts'

const format = 'faculty-receipt/1'

const receiptFileSchema = answerProofSchema.omit({ settings: true, incentive: true }).extend({
  format: z.literal(format),
  domain: domainField,
  request: askRequestSchema,
  text: z.string(),
  promptTokens: tokenCountField,
  completionTokens: tokenCountField,
})

/** An answer and its receipt as text, to be kept or handed to somebody who is to check it. JSON. */
export function writeReceiptFile(answer: ProvenAnswer): string {
  const { domain, request, text, promptTokens, completionTokens, miner, publicKey, receipt } = answer
  const file = { format, domain, request, text, promptTokens, completionTokens, miner, publicKey, receipt }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** @param name what the text is called where it came from. @throws InputError naming the field that is wrong */
export function readReceiptFile(text: string, name: string): ProvenAnswer {
  const { format: _, ...answer } = parseJson(receiptFileSchema, text, name)
  return answer
}
