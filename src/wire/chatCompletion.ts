import { z } from 'zod'
import { type AskRequest, askRequestSchema } from './askRequest.ts'
import type { Receipt } from './receipt.ts'
import { wireLimits as limits } from './wireLimits.ts'

// OpenAI's chat completions as far as an axon serves them to peers that speak Epistula or btauth/1: no tools, one choice.

const defaultMaxTokens = 256
const { topP, topK, minP, seed, stop, messages } = askRequestSchema.shape
const count = z.int().min(1).max(limits.maxTokens).nullish()

const completionRequestSchema = z.object({
  model: z.string().min(1).max(limits.maxModelNameChars),
  messages,
  max_tokens: count,
  max_completion_tokens: count,
  temperature: z.number().min(0).max(2).nullish(),
  top_p: topP.unwrap().nullish(),
  top_k: topK.unwrap().nullish(),
  min_p: minP.unwrap().nullish(),
  seed: seed.unwrap().nullish(),
  stop: z
    .union([
      z
        .string()
        .min(1)
        .max(limits.maxStopChars)
        .transform((one) => [one]),
      stop.unwrap(),
    ])
    .nullish(),
  stream: z.boolean().nullish(),
  n: z.literal(1, 'one answer a request is given').nullish(),
  tools: z.array(z.unknown()).max(0, 'this axon calls no tools of the caller').nullish(),
})

export interface CompletionAsk {
  readonly model: string
  readonly request: AskRequest
  readonly isStreamed: boolean
}

export type ReadCompletion =
  | { readonly ok: true; readonly ask: CompletionAsk }
  | { readonly ok: false; readonly detail: string }

/** @param value parsed JSON */
export function readChatCompletion(value: unknown): ReadCompletion {
  const read = completionRequestSchema.safeParse(value)
  if (!read.success) {
    const { path, message } = read.error.issues[0]!
    return { ok: false, detail: `${path.length === 0 ? 'body' : path.join('.')}: ${message}` }
  }
  const { model, messages, max_tokens, max_completion_tokens, temperature, stream } = read.data
  const { top_p, top_k, min_p, seed, stop } = read.data
  const request: AskRequest = {
    messages,
    maxTokens: max_completion_tokens ?? max_tokens ?? defaultMaxTokens,
    temperature: temperature ?? 0,
    ...(isGiven(top_p) && { topP: top_p }),
    ...(isGiven(top_k) && { topK: top_k }),
    ...(isGiven(min_p) && { minP: min_p }),
    ...(isGiven(seed) && { seed }),
    ...(isGiven(stop) && { stop }),
  }
  return { ok: true, ask: { model, request, isStreamed: stream === true } }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}

/** What the chunks of one answer share with its plain form. */
export interface CompletionHead {
  readonly id: string
  /** Unix time in seconds. */
  readonly created: number
  readonly model: string
}

export interface CompletionEnd {
  readonly reason: 'stop' | 'length'
  readonly promptTokens: number
  readonly completionTokens: number
  readonly receipt: Receipt | undefined
}

/** A whole answer. The receipt stands in a field that is not OpenAI's. */
export function chatCompletion(head: CompletionHead, text: string, end: CompletionEnd): object {
  const message = { role: 'assistant', content: text, refusal: null }
  const choice = { index: 0, message, logprobs: null, finish_reason: end.reason }
  return { ...head, object: 'chat.completion', choices: [choice], ...usageAndProof(end) }
}

/** One piece of a streamed answer; the last one has the reason, the token counts and the receipt. */
export function chatCompletionChunk(head: CompletionHead, text: string, end?: CompletionEnd): object {
  const delta = text === '' ? {} : { role: 'assistant', content: text }
  const choice = { index: 0, delta, logprobs: null, finish_reason: end?.reason ?? null }
  return { ...head, object: 'chat.completion.chunk', choices: [choice], ...(end !== undefined && usageAndProof(end)) }
}

function usageAndProof({ promptTokens, completionTokens, receipt }: CompletionEnd): object {
  return {
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
    ...(receipt !== undefined && { faculty: { receipt } }),
  }
}
