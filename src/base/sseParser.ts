/** Server-sent events out of a text that comes in pieces of any size. */
export interface SseParser {
  /**
   * @returns the `data` of each event that this piece completes, perhaps none
   * @throws RangeError for an event of more than `maxEventChars`
   */
  add(text: string): string[]
}

/**
 * Lines end with CR, LF or both; comments and fields other than `data` are passed over; an event that its empty line does
 * not close is never given.
 *
 * @param maxEventChars bounds what is kept of an event that does not end
 * @see WHATWG HTML, 9.2.6 (interpreting an event stream)
 */
export function makeSseParser(maxEventChars = Number.POSITIVE_INFINITY): SseParser {
  let rest = ''
  let endsInReturn = false
  let data: string[] = []
  let dataChars = 0
  return {
    add: (text) => {
      const found: string[] = []
      // Splitting again and again what has no end yet would make a long line cost the square of its length.
      const maySplit = endsInReturn || /[\r\n]/.test(text)
      if (text !== '') endsInReturn = text.endsWith('\r')
      rest += text
      // A carriage return at the end may be half of a line end.
      const lines = maySplit ? rest.split(/\r\n|\n|\r(?!$)/) : [rest]
      rest = lines.pop()!
      for (const line of lines) {
        const value = line === 'data' ? '' : line.startsWith('data:') ? line.slice(line[5] === ' ' ? 6 : 5) : undefined
        if (value !== undefined) {
          data.push(value)
          dataChars += value.length
        }
        if (dataChars > maxEventChars) break
        if (line !== '' || data.length === 0) continue
        found.push(data.join('\n'))
        data = []
        dataChars = 0
      }
      if (rest.length + dataChars > maxEventChars) {
        throw new RangeError(`an event is longer than ${maxEventChars} characters`)
      }
      return found
    },
  }
}
