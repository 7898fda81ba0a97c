import { Template } from '@huggingface/jinja'
import { z } from 'zod'
import { messageOf } from '../base/errors.ts'
import type { ChatMessage } from './engine.ts'
import { EngineError } from './engineError.ts'

/** A prompt and whether the tokenizer still has to add its special tokens. */
export interface Prompt {
  readonly text: string
  readonly addSpecial: boolean
}

const specialToken = z.union([z.string(), z.looseObject({ content: z.string() }), z.null()]).optional()

/** What is read of `tokenizer_config.json` here; everything else goes to the tokenizer untouched. */
export const tokenizerConfigSchema = z.looseObject({
  chat_template: z.union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))]).nullish(),
  bos_token: specialToken,
  eos_token: specialToken,
  pad_token: specialToken,
  unk_token: specialToken,
})

export type TokenizerConfig = z.output<typeof tokenizerConfigSchema>

/**
 * Chat messages → prompt, by the model's own chat template (Jinja, as Hugging Face defines it). Without one the prompt
 * is that of this project's small models, from the last user message alone: `Q: <question>\nW:`.
 *
 * @param file text of `chat_template.jinja`, which goes before the template in the configuration
 * @throws EngineError `bad-request` where the template refuses the messages, `bad-model` where it is not a template
 */
export function makeChatPrompt(
  config: TokenizerConfig,
  file: string | undefined,
  path: string,
): (messages: readonly ChatMessage[]) => Prompt {
  const source = file ?? templateOf(config)
  if (source === undefined) return plainPrompt
  const template = parseTemplate(source, path)
  const tokens = Object.fromEntries(
    (['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const).map((name) => [name, contentOf(config[name])]),
  )
  return (messages) => {
    try {
      const text = template.render({ ...tokens, messages: [...messages], add_generation_prompt: true })
      return { text, addSpecial: false }
    } catch (error) {
      const failure = { code: 'bad-request', field: 'messages', value: messages.map(({ role }) => role) } as const
      const mend = 'give the roles in the order that the model knows: an optional system message, then user first'
      throw new EngineError(`the chat template refused: ${messageOf(error)}`, failure, { mend, cause: error })
    }
  }
}

function plainPrompt(messages: readonly ChatMessage[]): Prompt {
  const question = messages.findLast(({ role }) => role === 'user')
  if (question !== undefined) return { text: `Q: ${question.content}\nW:`, addSpecial: true }
  const failure = { code: 'bad-request', field: 'messages', value: messages.map(({ role }) => role) } as const
  throw new EngineError('messages: none is from the user', failure, { mend: 'send the question with role "user"' })
}

function templateOf({ chat_template: template }: TokenizerConfig): string | undefined {
  if (template === null || template === undefined || typeof template === 'string') return template ?? undefined
  return (template.find(({ name }) => name === 'default') ?? template[0])?.template
}

function contentOf(token: z.output<typeof specialToken>): string {
  return typeof token === 'string' ? token : (token?.content ?? '')
}

function parseTemplate(source: string, path: string): Template {
  try {
    return new Template(source)
  } catch (error) {
    const failure = { code: 'bad-model', path } as const
    throw new EngineError(`${path}: the chat template does not parse: ${messageOf(error)}`, failure, { cause: error })
  }
}
