/** How two miners answered one task that was put to both at the same moment. */
export interface SharedTask {
  /** The probability of a lucky guess at it, in [0, 1). */
  readonly chance: number
  readonly scores: readonly [number, number]
  /** What each answer claims in canonical form; undefined where it claims nothing, e.g. a refusal. */
  readonly claims: readonly [string | undefined, string | undefined]
}

/** From here on two miners count as one. */
export const sameSource = 12
/** Bounds of what is kept, so that miners who part ways are believed after some dozen answers. */
export const evidenceBounds = [-12, 24] as const

/** How often one source gives two different claims, e.g. because it samples. */
const slip = 0.02
/** How often two who are wrong by themselves are wrong in the same number: some mistakes suggest themselves. */
const sameMistake = 0.25

/**
 * What one shared task says about whether two miners answer from one source (a copied or relayed answer, one model behind
 * two hotkeys): the log likelihood ratio, in nats, of one source against two independent ones of the same accuracies.
 *
 * Right answers count for nothing: whoever is right says the same, and two newcomers, or two who have just become better
 * than is known of them, would look alike. Being wrong in the same way is what gives copies away.
 *
 * @param accuracies of the two miners, in [0, 1]
 * @see docs/scoring.md, "One source, one reward"
 */
export function taskEvidence(task: SharedTask, accuracies: readonly [number, number]): number {
  const [a, b] = task.claims
  if (a === undefined || b === undefined) return 0
  const [p, q] = accuracies.map((accuracy) => Math.min(0.97, Math.max(0.03, accuracy))) as [number, number]
  // Among the wrong words of a label task each is as likely.
  const coincide = task.chance > 0 ? Math.max(sameMistake, task.chance / (1 - task.chance)) : sameMistake
  const bothRight = p * q
  const sameWrong = (1 - p) * (1 - q) * Math.min(1, coincide)
  if (a !== b) return Math.log(slip / (1 - bothRight - sameWrong))
  if (task.scores[0] >= 0.5) return 0
  return Math.log(((1 - slip) * (1 - (p + q) / 2)) / sameWrong)
}

/** Evidence with one task more, within the bounds. */
export function addEvidence(before: number, more: number): number {
  const [least, most] = evidenceBounds
  return Math.min(most, Math.max(least, before + more))
}
