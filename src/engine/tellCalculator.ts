import type { Prompt } from './chatPrompt.ts'
import type { ChatMessage } from './engine.ts'
import { EngineError } from './engineError.ts'

/** What a model that was not trained on the calculator is told of it. */
export const calculatorMessage = [
  'You have a calculator. Write an expression between <calc> and </calc>: its value is then written behind it for you.',
  'Example: <calc>(140-67)*72</calc>=5256',
  'It knows numbers without separators (1234.5), + - * / ^, brackets, > < >= <= (1 where it holds, else 0), ln(), exp() and N(), the standard normal distribution.',
  'Use it for all arithmetic.',
].join('\n')

type Prompting = (messages: readonly ChatMessage[]) => Prompt

/**
 * A prompt that tells of the calculator in a system message, before what the request's own one says.
 *
 * @param path of the file that asks for it, for messages
 * @throws EngineError `bad-model` where the chat template shows no system message
 */
export function tellCalculator(prompt: Prompting, path: string): Prompting {
  const telling: Prompting = ([first, ...rest]) => {
    const isSystem = first?.role === 'system'
    const content = isSystem ? `${calculatorMessage}\n\n${first.content}` : calculatorMessage
    return prompt([{ role: 'system', content }, ...(isSystem || first === undefined ? [] : [first]), ...rest])
  }
  let cause: unknown
  try {
    if (telling([{ role: 'user', content: '1+1?' }]).text.includes(calculatorMessage)) return telling
  } catch (error) {
    cause = error
  }
  const mend = 'leave "calculator" out, or add a chat_template.jinja that writes the system message'
  const problem = '"calculator" is true, but the chat template shows no system message'
  throw new EngineError(`${path}: ${problem}`, { code: 'bad-model', path }, { mend, cause })
}
