import { z } from 'zod'
import type { Answer } from '../dendrite/target.ts'
import type { AskRequest } from '../wire/askRequest.ts'
import { wireLimits } from '../wire/wireLimits.ts'

// OpenAI's chat completions, as far as a domain's miner can meet them. Options that are unknown here are ignored, as new
// ones come every few months; those that would change the answer and cannot be had are refused.

/** Longest answer where the request states none. */
const defaultMaxTokens = 256

const textPart = z.object({ type: z.literal('text', 'only text parts can be read'), text: z.string() })

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant'], 'give system, developer, user or assistant'),
  content: z.union([z.string(), z.array(textPart).min(1)], 'give a text or a list of text parts'),
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

const refused = {
  n: onlyAs((value) => value === 1, 'one answer a request is given; leave it out or give 1'),
  tools: onlyAs(isEmpty, 'the miners call no tools of the caller'),
  functions: onlyAs(isEmpty, 'the miners call no functions of the caller'),
  tool_choice: onlyAs((value) => value === 'none' || value === 'auto', 'the miners call no tools of the caller'),
  response_format: onlyAs(isText, 'answers are plain text; leave it out or give { "type": "text" }'),
  logprobs: onlyAs(isOff, 'log probabilities are not given'),
  top_logprobs: onlyAs(isOff, 'log probabilities are not given'),
  logit_bias: onlyAs(isEmpty, 'single tokens cannot be favoured'),
  frequency_penalty: onlyAs(isOff, 'repetition cannot be punished; leave it out or give 0'),
  presence_penalty: onlyAs(isOff, 'repetition cannot be punished; leave it out or give 0'),
  modalities: onlyAs((value) => Array.isArray(value) && value.every((one) => one === 'text'), 'answers are text only'),
  audio: onlyAs(() => false, 'answers are text only'),
}

export const chatRequestSchema = z
  .object({
    model: z.string().min(1).max(128),
    messages: z.array(message).min(1).max(wireLimits.maxMessages),
    max_tokens: maxTokens,
    max_completion_tokens: maxTokens,
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().gt(0).max(1).nullish(),
    /** As vLLM and llama.cpp have them. */
    top_k: z.int().min(1).nullish(),
    min_p: z.number().min(0).max(1).nullish(),
    seed: z.int().nullish(),
    stop: z
      .union([stopString, z.array(stopString).max(wireLimits.maxStops)], 'give a text or a list of texts')
      .nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    ...refused,
  })
  .refine(({ stream, stream_options }) => stream === true || (stream_options ?? undefined) === undefined, {
    path: ['stream_options'],
    message: 'this goes with "stream": true only',
  })

export type ChatRequest = z.output<typeof chatRequestSchema>

/** What the miner is asked. Without a temperature the most likely answer is given, so that it can be had again. */
export function askRequestOf(request: ChatRequest): AskRequest {
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

/** What all chunks of one answer share with its plain form. */
export interface Completion {
  readonly id: string
  /** Unix time in seconds. */
  readonly created: number
  readonly model: string
}

export function usageOf({ promptTokens, completionTokens }: Answer): Record<string, number> {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

/** @param extra fields beside OpenAI's own */
export function completionBody(completion: Completion, answer: Answer, extra: object): object {
  const reply = { role: 'assistant', content: answer.text, refusal: null }
  return {
    ...completion,
    object: 'chat.completion',
    choices: [{ index: 0, message: reply, logprobs: null, finish_reason: answer.reason }],
    usage: usageOf(answer),
    ...extra,
  }
}

/** One piece of a streamed answer; the last one has the reason for its end and no text. */
export function chunkBody(
  completion: Completion,
  delta: { readonly role?: 'assistant'; readonly content?: string },
  finishReason: Answer['reason'] | null = null,
): object {
  return {
    ...completion,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  }
}

/** The chunk behind the last one, for `stream_options.include_usage`. */
export function usageChunkBody(completion: Completion, answer: Answer): object {
  return { ...completion, object: 'chat.completion.chunk', choices: [], usage: usageOf(answer) }
}

/** @param names domains, in order */
export function modelsBody(names: readonly string[], created: number): object {
  return { object: 'list', data: names.map((id) => modelBody(id, created)) }
}

export function modelBody(id: string, created: number): object {
  return { id, object: 'model', created, owned_by: 'faculty' }
}
