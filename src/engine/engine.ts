/**
 * The engine's contract: messages in, a stream of text pieces out, whatever the model behind it.
 * Implementations: `onnx.ts` (a local decoder) and `openai.ts` (any OpenAI-compatible server).
 */

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface GenerateRequest {
  readonly messages: readonly ChatMessage[]
  /** Upper bound on generated tokens; the engine also stops at its own context limit. */
  readonly maxTokens: number
  /** 0 = greedy. */
  readonly temperature: number
  readonly topP?: number
  readonly topK?: number
  readonly minP?: number
  /** Same request, same seed, same model: same tokens. Without one, sampling is seeded freshly. */
  readonly seed?: number
  /** Generation ends before the first of these strings; it is not part of the text. */
  readonly stop?: readonly string[]
  /** Tell each generated token and this many of the likeliest ones, from 0. Absent: no `token` events. */
  readonly logprobs?: number
}

/** A token and the logarithm of its probability under the model's own distribution (temperature 1, nothing cut off). */
export interface TokenLogprob {
  readonly id: number
  /** Its text alone; a token that is a part of a character has a replacement character there. */
  readonly text: string
  readonly logprob: number
}

export type FinishReason = 'stop' | 'length'

export type EngineEvent =
  /** The next piece of the answer; concatenated, the pieces are the answer. */
  | { readonly type: 'text'; readonly text: string }
  /** A token that the model chose, before its text; only where the request asks for `logprobs`. `top`: likeliest first. */
  | ({ readonly type: 'token'; readonly top: readonly TokenLogprob[] } & TokenLogprob)
  /** A calculator call that the model made and the result that was fed back; its text is also part of the pieces. */
  | { readonly type: 'tool'; readonly expression: string; readonly result: string }
  /** Always the last event of a generation that was not cancelled and did not fail. */
  | {
      readonly type: 'done'
      readonly reason: FinishReason
      readonly promptTokens: number
      readonly completionTokens: number
      /**
       * How sure the answer is, in [0, 1]: the chosen tokens' mean probability or, where the model states its limits, their
       * product; absent where the model behind does not tell.
       */
      readonly confidence?: number
      /** SHA-256 (64 hex digits) over the prompt's and the answer's token ids and the tool results, in order. */
      readonly traceHash: string
    }

export interface ModelIdentity {
  /** Name for people, e.g. `law/expert`. */
  readonly name: string
  /** SHA-256 (64 hex digits) over the model's files; for a remote model, over its declared identity. */
  readonly fingerprint: string
  readonly contextTokens: number
  /** What runs it, e.g. `cpu`, `cuda`, or the upstream's host. */
  readonly device: string
}

/** What an engine is doing now and has done since it was opened; plain numbers for whoever keeps metrics. */
export interface EngineStats {
  /** Generations that have a place in the running batch. */
  readonly running: number
  /** Generations in the queue before it. */
  readonly waiting: number
  /** Sequences computed together in the last step; 0 where nothing runs. */
  readonly batchSize: number
  readonly requestsTotal: number
  /** Requests that found the queue full. */
  readonly refusedTotal: number
  readonly promptTokensTotal: number
  /** Generated tokens. */
  readonly tokensTotal: number
  /** Generations that have given their first token, and the sum of their times from request to that token. */
  readonly firstTokensTotal: number
  readonly firstTokenMsTotal: number
}

export interface Engine {
  readonly model: ModelIdentity
  /** Absent where the engine keeps no count, e.g. because an upstream server does the work. */
  stats?(): EngineStats
  /**
   * @param priority the higher goes first where requests queue
   * @throws EngineError for a request the model cannot take (too long, bad setting), a full queue or a failing device;
   *   AbortError when `signal` fires
   */
  generate(request: GenerateRequest, signal?: AbortSignal, priority?: number): AsyncIterable<EngineEvent>
  /** Frees the model. Running generations fail. */
  close(): Promise<void>
}
