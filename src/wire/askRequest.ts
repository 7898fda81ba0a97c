import { z } from 'zod'
import { boundedList } from './boundedList.ts'
import { wireLimits as limits } from './wireLimits.ts'

const chatMessageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
})

/**
 * What is asked of a model. The shape is that of the engine's `GenerateRequest`, written down again because this room
 * stands below the engine; a type test holds the two together.
 */
export const askRequestSchema = z.strictObject({
  messages: boundedList(chatMessageSchema, limits.maxMessages),
  maxTokens: z.int().min(1).max(limits.maxTokens),
  /** 0 = greedy. */
  temperature: z.number().min(0).max(10),
  topP: z.number().gt(0).max(1).exactOptional(),
  topK: z.int().min(1).exactOptional(),
  minP: z.number().min(0).max(1).exactOptional(),
  seed: z.int().exactOptional(),
  stop: boundedList(z.string().min(1).max(limits.maxStopChars), limits.maxStops, 0).exactOptional(),
})

export type AskRequest = DeepReadonly<z.output<typeof askRequestSchema>>

/** Said in types alone: freezing each message as it comes would cost more than checking it. */
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
