import { type ChatAnswer, chatAnswerSchema, chatLineSchema } from '../wire/bittensor/chatSynapse.ts'
import { parseWireJson } from '../wire/parseWireJson.ts'
import { wireLimits } from '../wire/wireLimits.ts'
import { DendriteError } from './dendriteError.ts'

export type HttpChunk =
  | { readonly type: 'text'; readonly text: string }
  /** Always the last one. */
  | { readonly type: 'answer'; readonly answer: ChatAnswer }

/** The question comes back in the answer, and each character of both may be escaped in six. */
const maxReplyBytes = 8 * wireLimits.maxAnswerChars + 8 * wireLimits.maxCallerFrameBytes

/**
 * Reads the body of a good reply to `FacultyChat` or `FacultyChatStream`. The texts of a stream are its answer; the last
 * line must repeat it.
 *
 * @throws DendriteError `bad-axon` where it breaks the form or is longer than an answer can be, `unanswered` where the
 *   stream tells of an error
 */
export async function* readHttpAnswer(
  body: AsyncIterable<Uint8Array>,
  { isStreamed, hotkey }: { readonly isStreamed: boolean; readonly hotkey: string },
): AsyncGenerator<HttpChunk, void> {
  const badAxon = (problem: string): DendriteError =>
    new DendriteError(`axon ${hotkey} breaks the protocol: ${problem}`, { code: 'bad-axon' })
  if (!isStreamed) {
    const text = await readAll(body, maxReplyBytes)
    if (text === undefined) throw badAxon(`its answer is longer than ${maxReplyBytes} bytes`)
    const parsed = parseWireJson(text)
    const read = parsed.ok ? chatAnswerSchema.safeParse(parsed.value) : undefined
    if (read?.success !== true) throw badAxon('its answer is not that of the synapse')
    yield { type: 'answer', answer: read.data }
    return
  }
  let told = ''
  let pieces = 0
  for await (const line of linesOf(body, badAxon)) {
    const parsed = parseWireJson(line)
    const read = parsed.ok ? chatLineSchema.safeParse(parsed.value) : undefined
    if (read?.success !== true) throw badAxon('a line of its answer is not that of the synapse')
    if ('error' in read.data) {
      const { message } = read.data.error
      throw new DendriteError(`${hotkey} does not answer: ${message}`, { code: 'unanswered', reason: 'failed' })
    }
    if ('answer' in read.data) {
      if (read.data.answer !== told) throw badAxon('its pieces are not its answer')
      yield { type: 'answer', answer: read.data }
      return
    }
    // A token each, and no more of empty ones.
    if (++pieces > wireLimits.maxTokens) throw badAxon('its answer is in too many pieces')
    told += read.data.text
    if (told.length > wireLimits.maxAnswerChars) throw badAxon('its answer is too long')
    if (read.data.text !== '') yield { type: 'text', text: read.data.text }
  }
}

async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  badAxon: (problem: string) => DendriteError,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let parts: string[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > 2 * maxReplyBytes) throw badAxon(`its answer is longer than ${2 * maxReplyBytes} bytes`)
    const text = decoder.decode(chunk, { stream: true })
    if (!text.includes('\n')) {
      parts.push(text)
      continue
    }
    const lines = (parts.join('') + text).split('\n')
    parts = lines.splice(-1)
    for (const line of lines) if (line !== '') yield line
  }
}

/** A body's text, or undefined where it is longer than `maxBytes`. */
export async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
