import type { Task, ValidatorDefinition } from '../../../src/domain/defineValidator.ts'
import law from '../../../validators/law/validator.ts'

/** A domain whose tasks are noted as they are made, so that simulated miners can be as good as they are meant to be. */
export interface Exam {
  readonly validator: ValidatorDefinition
  /** The task behind a question. @throws Error for a question that was never made */
  taskOf(question: string): Task
}

/** A change to the domain that leaves out one defence. */
export type Weakening = (validator: ValidatorDefinition) => ValidatorDefinition

/** The law domain as it is shipped. */
export function exam(weaken: Weakening = (validator) => validator): Exam {
  const tasks = new Map<string, Task>()
  const families = law.families.map((family): (typeof law.families)[number] => ({
    ...family,
    make: (rng) => {
      const body = family.make(rng)
      tasks.set(body.question, { domain: law.domain, family: family.name, ...body })
      return body
    },
  }))
  return {
    validator: weaken({ ...law, families }),
    taskOf(question) {
      const task = tasks.get(question)
      if (task === undefined) throw new Error(`nobody has made this question: ${question}`)
      return task
    },
  }
}

/** What answers have in common is not looked at: no answer claims anything. */
export const withoutClaims: Weakening = (validator) => ({ ...validator, claim: () => undefined })

/** A scorer that looks for the answer anywhere in the text. */
export const withoutFinalLine: Weakening = (validator) => ({
  ...validator,
  score: ({ answer }, text) => (text.toLowerCase().includes(answer.toLowerCase()) ? 1 : 0),
})

/** Guesses are paid as if they were knowledge. */
export const withoutChance: Weakening = (validator) => ({
  ...validator,
  families: validator.families.map((family) => ({
    ...family,
    make: (rng) => ({ ...family.make(rng), chance: 0 }),
  })),
})
