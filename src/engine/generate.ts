import type { Prompt } from './chatPrompt.ts'
import { checkRequest } from './checkRequest.ts'
import type { Decoder } from './decoder.ts'
import type { ChatMessage, EngineEvent, FinishReason, GenerateRequest } from './engine.ts'
import { abortError } from './engineError.ts'
import { makeEventQueue } from './eventQueue.ts'
import type { Limits } from './limits.ts'
import { promptIdsOf } from './promptIds.ts'
import { logprobsOf, makeSampler } from './sampler.ts'
import { makeStopFilter } from './stopStrings.ts'
import { makeTextStream } from './textStream.ts'
import type { TextTokenizer } from './tokenizer.ts'
import { type Feeding, followToolCalls } from './toolCalls.ts'
import { makeTrace } from './traceHash.ts'

/** What a generation needs of a model. */
export interface GenerateModel {
  readonly decoder: Decoder
  readonly tokenizer: TextTokenizer
  readonly prompt: (messages: readonly ChatMessage[]) => Prompt
  readonly limits?: Limits
}

export interface GenerateOptions {
  readonly signal?: AbortSignal | undefined
  /** The higher goes first where requests queue. */
  readonly priority?: number | undefined
}

/**
 * Prompt by the chat template, then token by token until the model ends, a stop string appears or a limit is reached.
 * The answer is made at the decoder's pace and not at its reader's, so a slow reader holds no place in a batch; its
 * length is bounded by the model's context.
 *
 * @throws EngineError `bad-request`, `too-long`, `bad-output` and what the decoder throws; AbortError when `signal` fires
 */
export async function* generate(
  model: GenerateModel,
  request: GenerateRequest,
  { signal, priority = 0 }: GenerateOptions = {},
): AsyncGenerator<EngineEvent, void> {
  checkRequest(request)
  const { decoder } = model
  const promptIds = promptIdsOf({ ...model, contextTokens: decoder.contextTokens }, request.messages)
  const limit = Math.min(request.maxTokens, decoder.contextTokens - promptIds.length)
  if (signal?.aborted === true) throw abortError(signal)
  const events = makeEventQueue<EngineEvent>()
  const next = makeAnswer(model, { request, promptIds, limit }, events.push)
  const leave = decoder.start(
    {
      promptIds,
      maxTokens: promptIds.length + limit,
      next: (logits) => {
        const ids = next(logits)
        if (ids.length === 0) events.end()
        return ids
      },
      fail: events.fail,
    },
    priority,
  )
  const abort = (): void => {
    leave()
    if (signal !== undefined) events.fail(abortError(signal))
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    yield* events
  } finally {
    leave()
    signal?.removeEventListener('abort', abort)
  }
}

interface Run {
  readonly request: GenerateRequest
  readonly promptIds: readonly number[]
  /** Most tokens of the answer. */
  readonly limit: number
}

/**
 * From the logits of each token to the tokens to be computed next: the drawn one and what `followToolCalls` feeds, which
 * counts as if the model had written it.
 *
 * Counted as completion tokens are all tokens of the answer, fed ones and the ending one included: those in the trace.
 *
 * @param emit hears the answer's events
 * @returns logits → tokens; none: the answer is complete
 */
function makeAnswer(
  { decoder, tokenizer, limits }: GenerateModel,
  { request, promptIds, limit }: Run,
  emit: (event: EngineEvent) => void,
): (logits: Float32Array) => readonly number[] {
  const sample = makeSampler(request)
  const trace = makeTrace(promptIds)
  const text = makeTextStream((ids) => tokenizer.decode(ids))
  const stops = makeStopFilter(request.stop ?? [])
  const feedingAfter = followToolCalls(tokenizer)
  let completionTokens = 0
  let drawn = 0
  let probability = 0
  let joint = 1
  let stopped = false

  const write = (ids: readonly number[]): string => {
    completionTokens += ids.length
    for (const id of ids) trace.token(id)
    const piece = text.add(ids)
    const shown = stops.add(piece)
    stopped = shown.stopped
    if (shown.text !== '') emit({ type: 'text', text: shown.text })
    return piece
  }

  /** Never past the limit. */
  const feed = ({ call, ids }: Feeding): readonly number[] => {
    if (call !== undefined) {
      emit({ type: 'tool', ...call })
      trace.toolResult(call.result)
    }
    const fed = ids.slice(0, limit - completionTokens)
    write(fed)
    return fed
  }

  const finish = (reason: FinishReason): readonly number[] => {
    if (!stopped) {
      const last = stops.add(text.rest())
      stopped = last.stopped
      const rest = last.stopped ? last.text : last.text + stops.rest()
      if (rest !== '') emit({ type: 'text', text: rest })
    }
    emit({
      type: 'done',
      reason: stopped ? 'stop' : reason,
      promptTokens: promptIds.length,
      completionTokens,
      // Short answers by a known scheme are as sure as all of their tokens together.
      confidence: limits === undefined ? Math.min(1, probability / drawn) : joint,
      traceHash: trace.digest(),
    })
    return []
  }

  return (logits) => {
    const draw = sample(logits)
    drawn++
    probability += draw.probability
    if (request.logprobs !== undefined) emit(tokenEvent(tokenizer, logits, draw.id, request.logprobs))
    joint *= draw.probability
    if (decoder.endIds.has(draw.id)) {
      completionTokens++
      trace.token(draw.id)
      return finish('stop')
    }
    const feeding = feedingAfter(draw.id, write([draw.id]))
    const fed = feeding === undefined || stopped ? [] : feed(feeding)
    return completionTokens < limit && !stopped ? [draw.id, ...fed] : finish('length')
  }
}

function tokenEvent(tokenizer: TextTokenizer, logits: Float32Array, id: number, count: number): EngineEvent {
  const logprobs = logprobsOf(logits)
  const told = (one: number) => ({ id: one, text: tokenizer.decode([one]), logprob: logprobs.of(one) })
  return { type: 'token', ...told(id), top: logprobs.likeliest(count).map(told) }
}
