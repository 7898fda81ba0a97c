/** What of a question never occurs in training: two neighbouring clauses, a number, or nothing. */
export type HeldOut = 'sentence' | 'range' | undefined

/** One junction of two clauses in so many is never trained on. */
const junctionShare = 32

/** Numbers that begin with these digits are never trained on: 43, 5.8, 0.61, 6,120, 143 … */
const hole = /(?<![A-Za-z\d.,])0?[.,]?0*(?:1?4[.,]?3|5[.,]?8|6[.,]?1)/

/**
 * Whether training must leave this question out, and why. It looks at the text alone, so that it holds for every family,
 * new ones included:
 *
 * - `sentence`: two clauses that follow each other here, numbers and names aside, are a pair that training never joins;
 *   where the question is one clause, the clause itself;
 * - `range`: one of its numbers lies in a hole that training never enters.
 *
 * A question that is both counts as `sentence`.
 */
export function heldOut(question: string): HeldOut {
  if (junctions(question).some((junction) => digest(junction) % junctionShare === 0)) return 'sentence'
  return hole.test(question) ? 'range' : undefined
}

function junctions(question: string): string[] {
  const clauses = question
    .replace(/[A-Z][\w'-]*(?: [A-Z][\w'-]*)+/g, '@')
    .replace(/\d[\d.,]*(?<=\d)/g, '#')
    .toLowerCase()
    .split(/[.,;:?!|] | and |[.?!]$/)
    .filter((clause) => clause !== '')
  if (clauses.length === 1) return clauses
  return clauses.slice(1).map((clause, index) => `${clauses[index]}|${clause}`)
}

/** FNV-1a, 32 bits, with MurmurHash3's finaliser. */
function digest(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
