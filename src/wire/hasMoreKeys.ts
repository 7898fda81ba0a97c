import { endOfString } from './endOfString.ts'

const quote = 0x22
const colon = 0x3a

/** Whether there are more than `max` keys in all objects together. Exact for JSON; for other text it does not matter. */
export function hasMoreKeys(text: string, max: number): boolean {
  let keys = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === quote) i = endOfString(text, i + 1)
    else if (char === colon && ++keys > max) return true
  }
  return false
}
