import type { Claim, Task } from 'faculty/defineValidator'

/** A task as its family makes it; what is the family's is added by the caller. */
export type TaskBody = Omit<Task, 'domain' | 'family' | 'term' | 'meaning'>

/**
 * One calculator call with its result, as a model writes it: `<calc>(140-67)*72</calc>=5256`.
 *
 * @param expression of the grammar in `src/engine/calculator.ts`, without `<`; quantities copied verbatim from the question
 * @param value what the expression is worth; a property test checks it with the engine's own calculator
 */
export function calc(expression: string, value: number): string {
  return `<calc>${expression}</calc>=${resultText(value)}`
}

/** A result as the calculator prints it, `src/engine/calculator.ts`: whole numbers bare, others with two decimals. */
export function resultText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}

/** `(5)` for a negative operand, the bare number otherwise. */
export function operand(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}

/*
 * Statements are read by people and learnt by small models, which copy what they have seen and cannot inflect it: what
 * is drawn stands in them as it stands in the question or the working, after a space and in the same case.
 */

/**
 * A task whose answer is a number.
 *
 * @param quantity what the number is, as a statement begins: `The anion gap`
 * @param tolerance absolute; default: 0.2 % or 0.02, whichever is more
 */
export function numberTask(task: {
  question: string
  working: string
  quantity: string
  value: number
  unit: string
  tolerance?: number
}): TaskBody {
  return {
    question: task.question,
    truth: {
      kind: 'number',
      value: task.value,
      tolerance: task.tolerance ?? Math.max(0.02, Math.abs(task.value) * 0.002),
      unit: task.unit,
    },
    chance: 0,
    working: task.working,
    statement: `${task.quantity} is ${[resultText(task.value), task.unit].filter((part) => part !== '').join(' ')}.`,
    answer: resultText(task.value),
  }
}

/**
 * A task whose answer is one of a few words, each the right one equally often.
 *
 * @param statement the answer as a sentence: `The action is barred.`
 */
export function labelTask<L extends string>(task: {
  question: string
  working: string
  statement: string
  label: L
  labels: readonly L[]
}): TaskBody {
  return {
    question: task.question,
    truth: { kind: 'label', label: task.label, labels: task.labels },
    chance: 1 / task.labels.length,
    working: task.working,
    statement: task.statement,
    answer: task.label,
  }
}

/** A task answered in sentences, which state the result themselves, scored by what they say; `scoreClaims` in rubric.ts. */
export function claimsTask(task: {
  question: string
  working: string
  answer: string
  required: readonly Claim[]
  forbidden?: readonly Claim[]
}): TaskBody {
  return {
    question: task.question,
    truth: { kind: 'claims', required: task.required, forbidden: task.forbidden ?? [] },
    chance: 0,
    working: task.working,
    answer: task.answer,
  }
}

export const optionLetters = ['A', 'B', 'C', 'D'] as const

/**
 * A task whose answer is the letter of one of four options.
 *
 * The working goes through the options in order and says of each whether it fits, up to the one that does: `A iron no,
 * B naloxone yes`. Small models learn to copy a list with a mark on each item long before they learn to look back for the
 * letter that stood before a word.
 *
 * @param ask what is asked, without the options
 * @param shown the options as `listOptions` shows them
 * @param options the four options in the order shown
 * @param quality what the right option is, as a statement begins: `The antidote` is naloxone
 * @param lead what the working begins with, e.g. a number to hold each option against
 * @param reason of an option, what stands before its `yes` or `no`
 */
export function choiceTask(task: {
  ask: string
  shown: string
  options: readonly string[]
  right: string
  quality: string
  lead?: string
  reason?: (option: string) => string | undefined
}): TaskBody {
  const place = task.options.indexOf(task.right)
  const marked = task.options.slice(0, place + 1).map((option, index) => {
    const parts = [optionLetters[index], option, task.reason?.(option), index === place ? 'yes' : 'no']
    return parts.filter((part) => part !== undefined).join(' ')
  })
  return {
    question: `${task.ask} ${task.shown}`,
    truth: { kind: 'choice', letter: optionLetters[place]!, letters: optionLetters },
    chance: 1 / optionLetters.length,
    working: [...(task.lead === undefined ? [] : [task.lead]), ...marked].join(', '),
    statement: `${task.quality} is ${task.right}.`,
    answer: optionLetters[place]!,
  }
}
