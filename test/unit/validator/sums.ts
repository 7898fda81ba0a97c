import { defineValidator } from '../../../src/domain/defineValidator.ts'

/** A domain whose questions anybody can answer, `3 + 4 =`, and one in four by guessing. */
export function sums(domain: string): ReturnType<typeof defineValidator> {
  const family = (name: string) => ({
    name,
    source: 'arithmetic',
    make: (rng: { int(min: number, max: number): number }) => {
      const [a, b] = [rng.int(1, 1_000_000), rng.int(1, 1_000_000)]
      return {
        question: `${name}: ${a} + ${b} =`,
        truth: { kind: 'number' as const, value: a + b, tolerance: 0, unit: '' },
        chance: 0.25,
        working: '',
        answer: String(a + b),
      }
    },
  })
  return defineValidator({
    domain,
    families: ['apples', 'pears', 'plums', 'figs'].map(family),
    score: (task, answer) => (answer === task.answer ? 1 : 0),
  })
}

/** The right answer to a question of `sums`. */
export function sumOf(question: string): string {
  const [, a, b] = /(\d+) \+ (\d+)/.exec(question)!
  return String(Number(a) + Number(b))
}
