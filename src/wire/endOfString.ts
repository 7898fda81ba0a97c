const quote = '"'
const backslash = 0x5c

/**
 * Index of the quote that ends a JSON string, or the text's length; `indexOf` skips its characters many times as fast as a
 * loop.
 *
 * @param from behind the quote that opens it
 */
export function endOfString(text: string, from: number): number {
  let end = text.indexOf(quote, from)
  while (end !== -1) {
    let slashes = 0
    while (end - slashes > from && text.charCodeAt(end - slashes - 1) === backslash) slashes++
    if (slashes % 2 === 0) return end
    end = text.indexOf(quote, end + 1)
  }
  return text.length
}
