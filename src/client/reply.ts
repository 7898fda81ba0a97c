import { z } from 'zod'
import { answerProofSchema } from '../wire/answerProof.ts'

// What this client reads of a gateway's replies: OpenAI's form, with the proof of ours.

const finishReason = z.enum(['stop', 'length'])
const usage = z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) })

export const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }), finish_reason: finishReason })).min(1),
  usage,
  faculty: answerProofSchema,
})

export const chunkSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }),
  z.object({
    choices: z.array(
      z.object({ delta: z.object({ content: z.string().nullish() }), finish_reason: finishReason.nullish() }),
    ),
    usage: usage.nullish(),
    faculty: answerProofSchema.optional(),
  }),
])

export const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

export const errorSchema = z.object({
  error: z.object({ message: z.string(), param: z.string().nullish(), code: z.string().nullish() }),
})
