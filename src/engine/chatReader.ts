import { z } from 'zod'
import { messageOf, show } from '../base/errors.ts'
import { parseJson } from '../base/parse.ts'
import type { EngineEvent, FinishReason, GenerateRequest } from './engine.ts'
import { EngineError } from './engineError.ts'
import { makeStopFilter } from './stopStrings.ts'
import { makeTextTrace } from './textTrace.ts'

/** Follows the chunks of one streamed chat completion. */
export interface ChatReader {
  /**
   * @param data of one server-sent event
   * @returns the text to show now, perhaps none
   * @throws EngineError `upstream` for a chunk that is none, or one that tells of a failure
   */
  add(data: string): string
  /**
   * The end of the body.
   *
   * @returns the last events
   * @throws EngineError `upstream` where the answer is not complete
   */
  end(): EngineEvent[]
}

const count = z.int().min(0)
const logprobs = z.object({ content: z.array(z.object({ logprob: z.number().nullish() })).nullish() })
const choice = z.object({
  delta: z.object({ content: z.string().nullish() }).nullish(),
  finish_reason: z.string().nullish(),
  logprobs: logprobs.nullish(),
})
const chunkSchema = z.object({
  choices: z.array(choice).nullish(),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
  error: z.unknown().optional(),
  // Older releases of vLLM put an error's fields where a chunk's stand.
  object: z.string().nullish(),
  message: z.unknown().optional(),
})

/** How servers say that an answer ended; TGI's first two names are its own. Any other (`abort`, `error`) is a failure. */
const finishReasons: Readonly<Record<string, FinishReason>> = {
  eos_token: 'stop',
  stop_sequence: 'stop',
  stop: 'stop',
  length: 'length',
}

/**
 * Reads what vLLM, SGLang, llama.cpp, TGI and OpenAI stream. They differ in where the usage stands (with the last choice or
 * in a chunk without one), in whether `[DONE]` comes, and in whether a stop string is part of the text.
 *
 * @param url of the server, for errors
 * @param secret is cut out of them, in case the server repeats it
 */
export function makeChatReader(request: GenerateRequest, url: string, secret: string | undefined): ChatReader {
  const stops = makeStopFilter(request.stop ?? [])
  const trace = makeTextTrace(request.messages)
  let reason: FinishReason | undefined
  let usage: { prompt_tokens: number; completion_tokens: number } | undefined
  let stopped = false
  let isDone = false
  /** The first half of a character that the server cut in two. */
  let half = ''
  let probability = 0
  let probabilities = 0

  const failure = { code: 'upstream', url, status: 200 } as const
  const open = (text: string): string => (secret === undefined ? text : text.replaceAll(secret, '…'))
  const bad = (problem: string): EngineError => new EngineError(`${url}: ${open(problem)}`, failure)

  const written = (text: string): string => {
    trace.answer(text)
    return text
  }

  const read = (delta: string): string => {
    const text = half + delta
    half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : ''
    if (stopped) return ''
    const shown = stops.add(text.slice(0, text.length - half.length))
    stopped = shown.stopped
    return written(shown.text)
  }

  return {
    add: (data) => {
      if (isDone || data.trim() === '') return ''
      if (data.trim() === '[DONE]') {
        isDone = true
        return ''
      }
      const chunk = chunkOf(data, bad)
      const hasFailed = (chunk.error !== undefined && chunk.error !== null) || chunk.object === 'error'
      if (hasFailed) {
        // First the secret, then the length: what is shown must not end in the middle of it.
        const { error, message } = chunkOf(open(data), bad)
        throw bad(`it failed: ${show(error ?? message)}`)
      }
      usage = chunk.usage ?? usage
      const [first] = chunk.choices ?? []
      if (first === undefined) return ''
      for (const { logprob } of first.logprobs?.content ?? []) {
        if (typeof logprob !== 'number') continue
        probability += Math.min(1, Math.exp(logprob))
        probabilities++
      }
      const ended = first.finish_reason
      if (ended !== undefined && ended !== null && ended !== '') {
        reason = Object.hasOwn(finishReasons, ended) ? finishReasons[ended] : undefined
        if (reason === undefined) throw bad(`it ended the answer with ${show(ended)}`)
      }
      return read(first.delta?.content ?? '')
    },
    end: () => {
      if (reason === undefined && !stopped) throw bad('it broke off in the middle of the answer')
      if (usage === undefined) {
        throw new EngineError(`${url}: it does not say how many tokens the answer has`, failure, {
          mend: 'use a release of the server that takes stream_options.include_usage',
        })
      }
      const events: EngineEvent[] = []
      const rest = stopped ? '' : written(stops.rest())
      if (rest !== '') events.push({ type: 'text', text: rest })
      events.push({
        type: 'done',
        reason: stopped ? 'stop' : reason!,
        promptTokens: usage.prompt_tokens,
        completionTokens: usage.completion_tokens,
        ...(probabilities === 0 ? {} : { confidence: probability / probabilities }),
        traceHash: trace.digest(),
      })
      return events
    },
  }
}

function chunkOf(data: string, bad: (problem: string) => EngineError): z.output<typeof chunkSchema> {
  try {
    return parseJson(chunkSchema, data, 'chunk')
  } catch (error) {
    throw bad(`it sent what is no chunk of an answer: ${messageOf(error)}`)
  }
}
