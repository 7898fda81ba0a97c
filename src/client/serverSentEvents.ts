import { makeSseParser } from '../base/sseParser.ts'
import { maxReplyChars, textPieces } from './bodyText.ts'

/**
 * The `data` of each server-sent event of a body, as it comes. Other fields and comments are passed over. Leaving the loop
 * early cancels the body.
 *
 * @throws RangeError for an event that is longer than any gateway's
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const parser = makeSseParser(maxReplyChars)
  for await (const piece of textPieces(body)) yield* parser.add(piece)
}
