import { wireLimits } from '../wire/wireLimits.ts'

/** More than any reply has: the longest answer, each of its characters an escape of six, with its proof. */
export const maxReplyChars = 8 * wireLimits.maxAnswerChars

/** A body's text, piece by piece as it comes. Leaving the loop early cancels the body. */
export async function* textPieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  // Not `for await`: not every browser can iterate over a stream.
  const reader = body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield decoder.decode(read.value, { stream: true })
    }
  } finally {
    await reader.cancel()
  }
}

/** The whole text of a reply. @throws RangeError where it is longer than any gateway's */
export async function bodyText({ body }: Response): Promise<string> {
  let text = ''
  if (body === null) return text
  for await (const piece of textPieces(body)) {
    text += piece
    if (text.length > maxReplyChars) throw new RangeError(`the reply is longer than ${maxReplyChars} characters`)
  }
  return text
}
