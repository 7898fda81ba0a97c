import { endOfString } from './endOfString.ts'

const quote = 0x22
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** Whether more than `max` brackets are open at once. Exact for JSON; for other text it does not matter. */
export function isDeeper(text: string, max: number): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === quote) {
      i = endOfString(text, i + 1)
    } else if (char === openObject || char === openList) {
      if (++depth > max) return true
    } else if (char === closeObject || char === closeList) depth--
  }
  return false
}
