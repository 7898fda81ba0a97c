// OpenAI's chat completions as gateways and axons write them: one choice of plain text.

/** What all chunks of one answer share with its plain form. */
export interface CompletionHead {
  readonly id: string
  /** Unix time in seconds. */
  readonly created: number
  readonly model: string
}

/** How an answer ended. */
export interface CompletionEnd {
  readonly reason: 'stop' | 'length'
  readonly promptTokens: number
  readonly completionTokens: number
}

/** @param extra fields beside OpenAI's own */
export function completionBody(head: CompletionHead, text: string, end: CompletionEnd, extra: object): object {
  const message = { role: 'assistant', content: text, refusal: null }
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: end.reason }],
    usage: usageOf(end),
    ...extra,
  }
}

/** One piece of a streamed answer; the last one has the reason for its end and no text. */
export function chunkBody(
  head: CompletionHead,
  delta: { readonly role?: 'assistant'; readonly content?: string },
  reason: CompletionEnd['reason'] | null = null,
): object {
  const choice = { index: 0, delta, logprobs: null, finish_reason: reason }
  return { ...head, object: 'chat.completion.chunk', choices: [choice] }
}

/** The chunk behind the last one, for `stream_options.include_usage`. */
export function usageChunkBody(head: CompletionHead, end: CompletionEnd): object {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(end) }
}

export function usageOf({ promptTokens, completionTokens }: CompletionEnd): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}
