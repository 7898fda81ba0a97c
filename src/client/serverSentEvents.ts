import { makeSseParser } from '../base/sseParser.ts'

/**
 * The `data` of each server-sent event of a body, as it comes. Other fields and comments are passed over. Leaving the loop
 * early cancels the body.
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  const parser = makeSseParser()
  // Not `for await`: not every browser can iterate over a stream.
  const reader = body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield* parser.add(decoder.decode(read.value, { stream: true }))
    }
  } finally {
    await reader.cancel()
  }
}
