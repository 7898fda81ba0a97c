import type { Rng } from 'faculty/defineValidator'

/** The parts of a question. Every list holds alternatives that mean the same; one of each is drawn. */
export interface Wording {
  /** Whom or what the facts are about, without a full stop: `Patient Kalin Norford`. */
  readonly subjects: readonly string[]
  /** One list of alternatives per fact, each a fragment that starts in lower case: `age 67`. Shown in drawn order. */
  readonly facts: readonly (readonly string[])[]
  /** Whole sentences that ask. */
  readonly asks: readonly string[]
}

/**
 * Draws one wording: a phrase for every fact, the facts' order, how they are joined, and whether the question comes
 * before or after them. The number of sentences grows as the product of all lists, so none can be learned by heart.
 */
export function compose(rng: Rng, wording: Wording): string {
  const facts = joinFacts(
    rng,
    rng.shuffle(wording.facts).map((alternatives) => rng.pick(alternatives)),
  )
  const subject = rng.pick(wording.subjects)
  const ask = rng.pick(wording.asks)
  switch (rng.int(0, 4)) {
    case 0:
      return `${subject}: ${facts}. ${ask}`
    case 1:
      return `${ask} ${subject}: ${facts}.`
    case 2:
      return `${capitalised(facts)}. ${ask}`
    case 3:
      return `${ask} ${capitalised(facts)}.`
    default:
      return `${subject}. ${capitalised(facts)}. ${ask}`
  }
}

function joinFacts(rng: Rng, facts: readonly string[]): string {
  switch (rng.int(0, 3)) {
    case 0:
      return facts.join(', ')
    case 1:
      return facts.join('; ')
    case 2:
      return facts.map((fact, index) => (index === 0 ? fact : capitalised(fact))).join('. ')
    default:
      return facts.length === 1 ? facts[0]! : `${facts.slice(0, -1).join(', ')} and ${facts.at(-1)}`
  }
}

/** The lettered options of a choice, e.g. `A) heparin B) naloxone C) iron D) folinic acid.`, in one of several styles. */
export function listOptions(rng: Rng, letters: readonly string[], options: readonly string[]): string {
  const [before, after, between] = rng.pick(optionStyles)
  return `${options.map((option, index) => `${before}${letters[index]}${after} ${option}`).join(between)}.`
}

const optionStyles = [
  ['', ')', ' '],
  ['', ')', '; '],
  ['(', ')', ', '],
  ['', '.', ' '],
  ['', ':', '; '],
] as const

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
