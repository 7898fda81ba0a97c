/** How a list that was declared compares with the right one. */
export interface Found {
  /** Of the right ones, those named. */
  readonly hits: number
  readonly misses: number
  /** Of those named, those that are none. */
  readonly falseAlarms: number
}

const leastOverlap = 0.5

/**
 * CUAD's comparison: a passage is found where one that was named shares half of all their words with it.
 *
 * @param contained whether one that was named and holds the passage whole finds it too
 */
export function compareSpans(spans: readonly string[], named: readonly string[], contained: boolean): Found {
  // Whoever names thousands makes each of them be compared with each: their words are told apart once.
  const [right, given] = [spans.map(passage), named.map(passage)]
  const fits = (span: Passage, said: Passage): boolean =>
    overlap(span.words, said.words) >= leastOverlap || (contained && said.text.includes(span.text))
  const hits = right.filter((span) => given.some((said) => fits(span, said))).length
  const falseAlarms = given.filter((said) => !right.some((span) => fits(span, said))).length
  return { hits, misses: spans.length - hits, falseAlarms }
}

/** Each right term is found at most once, and each named one finds at most one. Both are normalised. */
export function compareTerms(terms: readonly string[], named: readonly string[]): Found {
  const left = [...named]
  let hits = 0
  for (const term of terms) {
    const place = left.findIndex((said) => said.includes(term))
    if (place < 0) continue
    left.splice(place, 1)
    hits++
  }
  return { hits, misses: terms.length - hits, falseAlarms: left.length }
}

/** Shared words over all words, in [0, 1]; case, commas, semicolons, colons and full stops do not count. */
export function jaccard(a: string, b: string): number {
  return overlap(wordsOf(a), wordsOf(b))
}

interface Passage {
  readonly text: string
  readonly words: ReadonlySet<string>
}

function passage(text: string): Passage {
  return { text, words: wordsOf(text) }
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  let shared = 0
  for (const word of small) if (large.has(word)) shared++
  const all = a.size + b.size - shared
  return all === 0 ? 0 : shared / all
}

function wordsOf(text: string): Set<string> {
  const words = text
    .toLowerCase()
    .replace(/[.,;:]/g, '')
    .replaceAll('/', ' ')
    .split(/\s+/)
  return new Set(words.filter((word) => word !== ''))
}
