import type { Outcome } from '../answersTable.ts'
import type { Asked } from '../query.ts'
import type { PairNews } from '../scoring/clusters.ts'
import { type SharedTask, taskEvidence } from '../scoring/pairEvidence.ts'
import type { Hand } from './deal.ts'

export interface GatherRules {
  readonly round: number
  readonly askTimeoutMs: number
  /** Of a miner in the domain, in [0, 1]. */
  readonly accuracyOf: (hotkey: string, domain: string) => number
}

const noteChars = 120

/** What one ask came to, as it is kept. Undefined where it counts for nothing. */
export function outcomeOf(
  hand: Hand,
  hotkey: string,
  asked: Asked,
  { round, askTimeoutMs }: GatherRules,
): Outcome | undefined {
  if (asked.kind === 'void') return undefined
  const { task, covert } = hand
  const { domain, family, chance } = task
  const about = { hotkey, domain, round, family, chance, ...(covert && { covert: true }) }
  if (asked.kind === 'failed') return { ...about, kind: 'failed', score: 0, note: asked.why }
  const { score, claim, confidence, elapsedMs } = asked
  return {
    ...about,
    kind: 'scored',
    score,
    ...(confidence !== undefined && { confidence }),
    lateness: Math.min(1, elapsedMs / askTimeoutMs),
    note: `said ${(claim ?? 'nothing that can be read').slice(0, noteChars)}, right is ${task.answer}`.slice(
      0,
      2 * noteChars,
    ),
  }
}

/** What the answers to one task say about each two of those who had it. */
export function pairNewsOf(hand: Hand, answers: ReadonlyMap<string, Asked>, rules: GatherRules): PairNews[] {
  const { task } = hand
  const scored = [...answers].flatMap(([hotkey, asked]) =>
    asked.kind === 'scored' ? [{ hotkey, ...asked, accuracy: rules.accuracyOf(hotkey, task.domain) }] : [],
  )
  const news: PairNews[] = []
  for (const one of scored) {
    for (const other of scored) {
      if (one.hotkey >= other.hotkey) continue
      const shared: SharedTask = {
        chance: task.chance,
        scores: [one.score, other.score],
        claims: [one.claim, other.claim],
      }
      const evidence = taskEvidence(shared, [one.accuracy, other.accuracy])
      const isSame = one.claim !== undefined && one.claim === other.claim && one.elapsedMs !== other.elapsedMs
      const first = one.elapsedMs < other.elapsedMs ? 'a' : 'b'
      news.push({ a: one.hotkey, b: other.hotkey, evidence, ...(isSame && { first }) })
    }
  }
  return news
}
