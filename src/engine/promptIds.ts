import type { Prompt } from './chatPrompt.ts'
import type { ChatMessage } from './engine.ts'
import { EngineError } from './engineError.ts'
import type { TextTokenizer } from './tokenizer.ts'

/** No vocabulary worth the name has longer tokens all along a text. */
const longestTokenChars = 64

/** What reading a question needs of a model. */
export interface PromptModel {
  readonly contextTokens: number
  readonly tokenizer: TextTokenizer
  readonly prompt: (messages: readonly ChatMessage[]) => Prompt
}

/**
 * The prompt's token ids, which leave room for at least one more.
 *
 * @throws EngineError `too-long`; `bad-request` where there are none
 */
export function promptIdsOf(
  { contextTokens, tokenizer, prompt }: PromptModel,
  messages: readonly ChatMessage[],
): number[] {
  const { text, addSpecial } = prompt(messages)
  // Tokenising a quarter of a megabyte holds up everybody for most of a second.
  const least = Math.ceil(text.length / longestTokenChars)
  if (least >= contextTokens) throw tooLong(least, contextTokens)
  const ids = tokenizer.encode(text, addSpecial)
  if (ids.length >= contextTokens) throw tooLong(ids.length, contextTokens)
  if (ids.length > 0) return ids
  const failure = { code: 'bad-request', field: 'messages', value: text } as const
  throw new EngineError('messages: they make an empty prompt', failure, { mend: 'send a question' })
}

function tooLong(promptTokens: number, contextTokens: number): EngineError {
  const failure = { code: 'too-long', promptTokens, contextTokens } as const
  const message = `the prompt has ${promptTokens} tokens or more and the model's context ${contextTokens}`
  return new EngineError(message, failure, { mend: 'shorten the question so that an answer fits behind it' })
}
