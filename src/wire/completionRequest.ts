import { z } from 'zod'
import type { AskRequest } from './askRequest.ts'
import { boundedList } from './boundedList.ts'
import { wireLimits } from './wireLimits.ts'

// OpenAI's chat completions, as far as a domain's miner can meet them: what gateways and axons take. Options that are
// unknown here are ignored, as new ones come every few months; those that would change the answer and cannot be had are
// refused.

/** Longest answer where the request states none. */
const defaultMaxTokens = 256

const textPart = z.object({ type: z.literal('text', 'only text parts can be read'), text: z.string() })

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant'], 'give system, developer, user or assistant'),
  content: z.union([z.string(), boundedList(textPart, wireLimits.maxTextParts)], 'give a text or a list of text parts'),
})

const maxTokens = z.int('give a whole number').min(1).max(wireLimits.maxTokens).nullish()
const stopString = z.string().min(1).max(wireLimits.maxStopChars)

/** An option that cannot be had: it may be left out, or say what is so without it. */
const onlyAs = (isDefault: (value: unknown) => boolean, problem: string): z.ZodType<unknown> =>
  z
    .unknown()
    .refine((value) => value === null || isDefault(value), problem)
    .optional()
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
const isOff = (value: unknown): boolean => value === false || value === 0
const isText = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'text'

const callsNoTools = 'the miners call no tools of the caller'

const refused = {
  n: onlyAs((value) => value === 1, 'one answer a request is given; leave it out or give 1'),
  tools: onlyAs(isEmpty, callsNoTools),
  functions: onlyAs(isEmpty, 'the miners call no functions of the caller'),
  tool_choice: onlyAs((value) => value === 'none' || value === 'auto', callsNoTools),
  response_format: onlyAs(isText, 'answers are plain text; leave it out or give { "type": "text" }'),
  logprobs: onlyAs(isOff, 'log probabilities are not given'),
  top_logprobs: onlyAs(isOff, 'log probabilities are not given'),
  logit_bias: onlyAs(isEmpty, 'single tokens cannot be favoured'),
  frequency_penalty: onlyAs(isOff, 'repetition cannot be punished; leave it out or give 0'),
  presence_penalty: onlyAs(isOff, 'repetition cannot be punished; leave it out or give 0'),
  modalities: onlyAs((value) => Array.isArray(value) && value.every((one) => one === 'text'), 'answers are text only'),
  audio: onlyAs(() => false, 'answers are text only'),
}

export const completionRequestSchema = z
  .object({
    model: z.string().min(1).max(wireLimits.maxModelNameChars),
    messages: boundedList(message, wireLimits.maxMessages),
    max_tokens: maxTokens,
    max_completion_tokens: maxTokens,
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().gt(0).max(1).nullish(),
    /** As vLLM and llama.cpp have them. */
    top_k: z.int().min(1).nullish(),
    min_p: z.number().min(0).max(1).nullish(),
    seed: z.int().nullish(),
    stop: z
      .union([stopString, boundedList(stopString, wireLimits.maxStops, 0)], 'give a text or a list of texts')
      .nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    ...refused,
  })
  .refine(({ stream, stream_options }) => stream === true || (stream_options ?? undefined) === undefined, {
    path: ['stream_options'],
    message: 'this goes with "stream": true only',
  })

export type CompletionRequest = z.output<typeof completionRequestSchema>

/** What the miner is asked. Without a temperature the most likely answer is given, so that it can be had again. */
export function askRequestOf(request: CompletionRequest): AskRequest {
  const { top_p: topP, top_k: topK, min_p: minP, seed, stop } = request
  return {
    messages: request.messages.map(({ role, content }) => ({
      role: role === 'developer' ? 'system' : role,
      content: typeof content === 'string' ? content : content.map(({ text }) => text).join(''),
    })),
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? defaultMaxTokens,
    temperature: request.temperature ?? 0,
    ...(isGiven(topP) && { topP }),
    ...(isGiven(topK) && { topK }),
    ...(isGiven(minP) && { minP }),
    ...(isGiven(seed) && { seed }),
    ...(isGiven(stop) && { stop: typeof stop === 'string' ? [stop] : stop }),
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
