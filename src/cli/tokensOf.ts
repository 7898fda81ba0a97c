import { parseInput } from '../base/parse.ts'
import { tokens } from './settings.ts'

/** Rao out of an amount that a person typed in whole tokens. @throws InputError */
export function tokensOf(name: string, word: string): bigint {
  return parseInput(tokens, word, name)
}
