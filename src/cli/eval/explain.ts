import type { ValidatorDefinition } from '../../domain/defineValidator.ts'
import { generateTasks } from '../../domain/generateTasks.ts'
import type { Engine } from '../../engine/engine.ts'
import { askedOf } from './examine.ts'
import { type Share, shareOf } from './statistics.ts'

/** Wordings that training does not have, of words that it has. */
const wordings = ['Say what {} is.', 'What is {}, in one sentence?']

/**
 * What the families ask about, explained by the model.
 *
 * @returns the share of answers that are the term's meaning to the letter; undefined where the families tell no terms
 */
export async function explain(
  engine: Engine,
  validator: ValidatorDefinition,
  families: readonly string[],
  signal: AbortSignal,
): Promise<Share | undefined> {
  const told = [...generateTasks(validator, { seed: 0, count: families.length, families })]
  const asked = told.flatMap(({ term, meaning }) =>
    term === undefined ? [] : wordings.map((wording) => ({ question: wording.replace('{}', term), meaning })),
  )
  if (asked.length === 0) return undefined
  let right = 0
  for (const { question, meaning } of asked) {
    const { text } = await askedOf(engine, question, signal)
    if (text.trim() === meaning) right++
  }
  return shareOf(right, asked.length)
}
