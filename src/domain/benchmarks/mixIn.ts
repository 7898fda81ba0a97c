import { InputError } from '../../base/errors.ts'
import type { Task, ValidatorDefinition } from '../defineValidator.ts'
import type { Group, Item } from './benchmark.ts'
import { answerForm } from './benchmarkPrompt.ts'

/** Answers of public questions can be learned by heart, so they never decide much. */
export const mostShare = 0.1

/**
 * The validator with a share of its tasks from a public set, whichever family's turn it is: questions with a label or a
 * letter for an answer, which the domain's own scorer knows.
 *
 * @param share in (0, `mostShare`)
 * @throws InputError for another share, and for a set without such questions
 */
export function mixIn(validator: ValidatorDefinition, groups: readonly Group[], share: number): ValidatorDefinition {
  if (!(share > 0 && share < mostShare)) {
    throw new InputError('--benchmark.share', share, `give a share above 0 and below ${mostShare}`)
  }
  const tasks = groups.flatMap(({ items }) => items).flatMap(taskOf)
  if (tasks.length === 0) {
    throw new InputError('--benchmark.dataset', groups[0]?.name, 'take a set whose answers are labels or letters')
  }
  const families = validator.families.map((family) => ({
    ...family,
    make: (rng: Parameters<typeof family.make>[0]) => {
      // A stream of its own, so that the other tasks stay what they are without the set.
      const draw = rng.fork('benchmark')
      return draw.float() < share ? draw.pick(tasks) : family.make(rng)
    },
  }))
  return { ...validator, families }
}

function taskOf({ question, gold }: Item): Omit<Task, 'domain' | 'family'>[] {
  // Miners of a subnet get the question alone.
  const asked = { question: `${question}\n\n${answerForm(gold)}`, working: '' }
  if (gold.kind === 'label') {
    const { label, labels } = gold
    return [{ ...asked, truth: { kind: 'label', label, labels }, chance: 1 / labels.length, answer: label }]
  }
  if (gold.kind !== 'choice') return []
  const letters = Object.keys(gold.options)
  const { letter } = gold
  return [{ ...asked, truth: { kind: 'choice', letter, letters }, chance: 1 / letters.length, answer: letter }]
}
