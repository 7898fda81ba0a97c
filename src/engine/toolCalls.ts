import { calculate, calculatorError } from './calculator.ts'
import type { TextTokenizer } from './tokenizer.ts'

const open = '<calc>'
const close = '</calc>'
const copy = '<result>'

/** What the runtime writes into an answer. */
export interface Feeding {
  /** The calculator call that it answers; absent where a result is copied. */
  readonly call?: { readonly expression: string; readonly result: string }
  readonly ids: readonly number[]
}

/**
 * Follows what a model writes, and only that: tags in a prompt do nothing.
 *
 * A call is read in the answer's text, so it does not matter which tokens make its tags: where `</calc>` ends the text
 * and a `<calc>` is open, the expression after the last one is evaluated and `=value` is fed. Many vocabularies join `>`
 * and `=`; after `</calc>=` the value alone is fed, and after more than that it is too late. Where the vocabulary holds
 * `<result>`, that token is followed by the last call's result, unless there is none or it was `ERR`.
 *
 * @returns called with each token that the model chose and the text that it completed; what follows it, if anything
 */
export function followToolCalls(tokenizer: TextTokenizer): (id: number, text: string) => Feeding | undefined {
  const copyId = tokenizer.idOf(copy)
  let held = ''
  let last = calculatorError

  const feed = (before: string, text: string): Pick<Feeding, 'ids'> => {
    // It may stand in an expression.
    held += text
    return { ids: tokenizer.encodeAfter(before, text) }
  }

  return (id, text) => {
    held += text
    if (id === copyId) return last === calculatorError ? undefined : feed(copy, last)
    // Both tags end with it, so most tokens cost a comparison.
    if (!text.includes('>')) return undefined
    const start = held.lastIndexOf(open)
    const end = start === -1 ? -1 : held.indexOf(close, start)
    if (end === -1) {
      held = held.slice(start === -1 ? held.lastIndexOf('>') + 1 : start)
      return undefined
    }
    const expression = held.slice(start + open.length, end)
    held = held.slice(end + close.length)
    if (held !== '' && held !== '=') return undefined
    const result = calculate(expression)
    last = result
    return { call: { expression, result }, ...feed(close + held, held === '' ? `=${result}` : result) }
  }
}
