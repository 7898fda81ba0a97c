import type { ValidatorDefinition } from '../../domain/defineValidator.ts'

/** A domain for simulations in which only a miner's skill counts: numbers that nobody hits by luck. */
export const coins: ValidatorDefinition = {
  domain: 'coins',
  families: [
    {
      name: 'number',
      source: 'none: the question has no content',
      make: (rng) => {
        const value = rng.int(1, 1_000_000_000)
        return {
          question: `Say ${value}.`,
          truth: { kind: 'number', value, tolerance: 0.02, unit: '' },
          chance: 0,
          working: '',
          answer: String(value),
        }
      },
    },
  ],
  score: ({ answer }, text) => (lastLine(text) === `Answer: ${answer}` ? 1 : 0),
  claim: (_, text) => lastLine(text),
}

function lastLine(text: string): string {
  return text.split('\n').at(-1)!
}
