import type { ChatMessage } from '../../engine/engine.ts'
import type { Gold, Item } from './benchmark.ts'

/** Changes with any of the texts below: results under different prompts are not comparable. */
export const promptVersion = 1

const contract = 'You may think first. Your last line must be the answer alone, in the form "Answer: …"'

/** The prompt of a question: what form the answer has to take, then the question as the set puts it. */
export function benchmarkPrompt({ question, gold }: Item): ChatMessage[] {
  return [
    { role: 'system', content: answerForm(gold) },
    { role: 'user', content: question },
  ]
}

/** What form the answer has to take, as a sentence or two. */
export function answerForm(gold: Gold): string {
  return `${contract}, ${formOf(gold)}.`
}

function formOf(gold: Gold): string {
  switch (gold.kind) {
    case 'label':
      return `with one of these: ${gold.labels.join(', ')}`
    case 'choice':
      return `with the letter of the right option: ${Object.keys(gold.options).join(', ')}`
    case 'amount':
      return 'with the amount in whole dollars'
    case 'name':
      return 'with the name of the case'
    case 'terms':
      return 'with every term that applies, commas between them, or none'
    case 'spans':
      return 'with every passage that applies, copied word for word, " | " between them, or none'
    case 'result':
      return (
        'with yes, no, the number (five decimals; 1.613% and 0.01613 are the same) or a program of the steps ' +
        'add(a, b), subtract(a, b), multiply(a, b), divide(a, b), exp(a, b), greater(a, b), table_sum(row, none), ' +
        'table_average(row, none), table_max(row, none), table_min(row, none), where #0 is the first step, #1 the ' +
        'second and so on: subtract(5829, 5735), divide(#0, 5735)'
      )
  }
}
