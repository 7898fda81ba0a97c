/** Tokens in, complete characters out. */
export interface TextStream {
  /** @returns the text that these tokens complete, perhaps none yet */
  add(ids: readonly number[]): string
  /** What is left at the end; bytes that never became a character are dropped. */
  rest(): string
}

/** A character has at most four bytes; more open tokens than this are no character in the making. */
const mostOpenTokens = 8

/**
 * Turns a growing list of tokens into text piece by piece. A token may hold part of a character and tokenizers decode a
 * token differently at the beginning of a text, so each piece is the difference between two decodings of the last few
 * tokens: those already shown, and those with the new ones.
 */
export function makeTextStream(decode: (ids: readonly number[]) => string): TextStream {
  let shown: number[] = []
  let open: number[] = []
  let shownText = ''
  const difference = () => {
    const text = decode([...shown, ...open])
    return text.startsWith(shownText) ? text.slice(shownText.length) : text.slice(commonLength(text, shownText))
  }
  return {
    add: (ids) => {
      let complete = ''
      for (const id of ids) {
        open.push(id)
        const piece = difference()
        if (piece === '' || (piece.endsWith('\uFFFD') && open.length <= mostOpenTokens)) continue
        complete += piece
        shown = open
        open = []
        shownText = decode(shown)
      }
      return complete
    },
    rest: () => (open.length === 0 ? '' : difference().replace(/\uFFFD+$/, '')),
  }
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
