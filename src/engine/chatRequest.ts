import type { GenerateRequest } from './engine.ts'

/** What a server may not take; each is left out once it has refused it. */
export interface ChatFeatures {
  /** `logprobs`, for the confidence. */
  readonly logprobs: boolean
}

/**
 * The body of `POST /v1/chat/completions`. Only what the request names is sent, since strict servers refuse fields that
 * they do not know: `top_k` and `min_p` are no part of OpenAI's interface, yet vLLM, SGLang and llama.cpp take them.
 *
 * @param fits whether the answer's limit is stated; false leaves it to the server, see `askUpstream`
 */
export function chatRequest(model: string, request: GenerateRequest, features: ChatFeatures, fits: boolean): string {
  const { messages, maxTokens, temperature, topP, topK, minP, seed, stop } = request
  return JSON.stringify({
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    temperature,
    ...(fits ? { max_tokens: maxTokens } : {}),
    // TGI refuses 1, which cuts nothing off.
    ...(topP === undefined || topP === 1 ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
    ...(minP === undefined || minP === 0 ? {} : { min_p: minP }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop }),
    ...(features.logprobs ? { logprobs: true } : {}),
  })
}
