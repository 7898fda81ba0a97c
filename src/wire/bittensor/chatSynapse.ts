import { z } from 'zod'
import { type AskRequest, askRequestSchema } from '../askRequest.ts'
import { domainField, hashField, tokenCountField } from '../fields.ts'
import type { TextHash } from '../hashes.ts'
import { problemOf } from '../problemOf.ts'
import { receiptSchema } from '../receipt.ts'
import { wireLimits as limits } from '../wireLimits.ts'
import { bodyHash } from './bodyHash.ts'
import type { PythonValue } from './pythonText.ts'

// The one question of a domain as a Synapse class of SDK 10; docs/dialects.md has the Python class. The same JSON is
// asked and answered under `btauth/1`.

/** The class whose answer is one JSON object. */
export const chatSynapse = 'FacultyChat'
/** The class whose answer is a stream: lines of JSON, see `chatLineSchema`. */
export const chatStreamSynapse = 'FacultyChatStream'

/** Fields without a default, with the empty value of their type, as headers carry them. */
export const requiredFields = { domain: '', messages: [] } as const

const defaultMaxTokens = 256
const { messages, maxTokens, temperature, topP, topK, minP, seed, stop } = askRequestSchema.shape

const nullish = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? undefined)

/** Unknown fields are ignored, as in the SDK: `name`, `timeout` and the like come with every body. */
const chatBodySchema = z.object({
  domain: domainField,
  messages,
  max_tokens: maxTokens.default(defaultMaxTokens),
  temperature: temperature.default(0),
  top_p: nullish(topP.unwrap()),
  top_k: nullish(topK.unwrap()),
  min_p: nullish(minP.unwrap()),
  seed: nullish(seed.unwrap()),
  stop: nullish(stop.unwrap()),
  dendrite: nullish(z.object({ hotkey: z.string().nullish() })),
})

/** A class that has any of these has all of them, in its hash as well. */
const furtherFields = ['top_p', 'top_k', 'min_p', 'seed', 'stop'] as const

export interface ChatAsk {
  readonly domain: string
  readonly request: AskRequest
  /** Whom the body names as the caller; nothing vouches for it. */
  readonly namedCaller: string | undefined
  /** Over the fields of the question, as the peer's class computes it. */
  bodyHash(hash?: TextHash): string
}

export type ReadChat = { readonly ok: true; readonly ask: ChatAsk } | { readonly ok: false; readonly detail: string }

/** @param value parsed JSON */
export function readChatSynapse(value: unknown): ReadChat {
  const read = chatBodySchema.safeParse(value)
  if (!read.success) return { ok: false, detail: problemOf(read.error, 'body') }
  const { domain, messages, max_tokens, temperature, top_p, top_k, min_p, seed, stop, dendrite } = read.data
  const request: AskRequest = {
    messages,
    maxTokens: max_tokens,
    temperature,
    ...(top_p !== undefined && { topP: top_p }),
    ...(top_k !== undefined && { topK: top_k }),
    ...(min_p !== undefined && { minP: min_p }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
  }
  const raw = value as { readonly [key: string]: PythonValue }
  const isLong = furtherFields.some((field) => field in raw)
  return {
    ok: true,
    ask: {
      domain,
      request,
      namedCaller: dendrite?.hotkey ?? undefined,
      // The messages as they came: the order of their keys is in the hash.
      bodyHash: (hash) => bodyHash(hashedValues(domain, raw.messages!, request, isLong), hash),
    },
  }
}

/** The values of `required_hash_fields` in the class's order. */
function hashedValues(
  domain: string,
  messages: PythonValue,
  { maxTokens, temperature, topP, topK, minP, seed, stop }: AskRequest,
  isLong: boolean,
): PythonValue[] {
  const short = [domain, messages, BigInt(maxTokens), temperature]
  if (!isLong) return short
  return [...short, topP ?? null, whole(topK), minP ?? null, whole(seed), stop ?? null]
}

function whole(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}

/** The body that asks, in the long form, and its hash. */
export function writeChatSynapse(domain: string, request: AskRequest, hash?: TextHash) {
  const { messages, maxTokens, temperature, topP, topK, minP, seed, stop } = request
  const ordered = messages.map(({ role, content }) => ({ role, content }))
  const body = {
    domain,
    messages: ordered,
    max_tokens: maxTokens,
    temperature,
    top_p: topP ?? null,
    top_k: topK ?? null,
    min_p: minP ?? null,
    seed: seed ?? null,
    stop: stop ?? null,
  }
  return { body, bodyHash: bodyHash(hashedValues(domain, ordered, request, true), hash) }
}

/** What an answer adds to the fields of the question. Other people's axons may give the text alone. */
export const chatAnswerSchema = z.object({
  answer: z.string().max(limits.maxAnswerChars),
  reason: z.enum(['stop', 'length']).nullish(),
  prompt_tokens: tokenCountField.nullish(),
  completion_tokens: tokenCountField.nullish(),
  confidence: z.number().min(0).max(1).nullish(),
  trace_hash: hashField.nullish(),
  /** The whole receipt, so that it can be checked without knowing anything else. */
  receipt: receiptSchema.nullish(),
})

export type ChatAnswer = Readonly<z.output<typeof chatAnswerSchema>>

/** One line of a streamed answer: text, or the whole answer, which is the last line, or why there is none. */
export const chatLineSchema = z.union([
  chatAnswerSchema,
  z.object({ text: z.string() }),
  z.object({ error: z.object({ code: z.string(), message: z.string().max(limits.maxErrorChars) }) }),
])
