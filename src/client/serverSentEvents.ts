/**
 * The `data` of each server-sent event of a body, as it comes. Other fields and comments are passed over. Leaving the loop
 * early cancels the body.
 *
 * @see WHATWG HTML, 9.2.6 (interpreting an event stream)
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  // Not `for await`: not every browser can iterate over a stream.
  const reader = body.getReader()
  let rest = ''
  let data: string[] = []
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      rest += decoder.decode(read.value, { stream: true })
      // A carriage return at the end may be half of a line end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop()!
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
        if (line !== '' || data.length === 0) continue
        yield data.join('\n')
        data = []
      }
    }
  } finally {
    await reader.cancel()
  }
}
