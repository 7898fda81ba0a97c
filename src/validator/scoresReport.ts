import { z } from 'zod'

/** What `GET /scores` of a validator says, of all miners and, for `?uid=` or `?hotkey=`, of one with every step. */

const kind = z.object({ answers: z.number(), accuracy: z.number() })

const result = z.object({
  answers: z.number(),
  accuracy: z.number(),
  chance: z.number(),
  skill: z.number(),
  error: z.number(),
  sure: z.number(),
  brier: z.number(),
  calibrationFactor: z.number(),
  speedFactor: z.number(),
  score: z.number(),
})

const scoreLine = z.object({
  uid: z.number(),
  hotkey: z.string(),
  /** Of those that it declares, the ones that this validator asks. */
  domains: z.array(z.string()),
  /** Those that count, unanswered asks included. */
  answers: z.number(),
  /** Means over the answers that count, in [0, 1]. */
  accuracy: z.number(),
  skill: z.number(),
  /** Its own, and what it is paid by after its cluster has shared, both in [0, 1]. */
  score: z.number(),
  reward: z.number(),
  /** What app builders' asks leave of the score. */
  served: z.number(),
  /** Lowest uid of its cluster; absent where it answers for itself. */
  cluster: z.number().optional(),
  /** Round in which it was last found to have become worse. */
  fallen: z.number().optional(),
  /** Why it cannot be asked. */
  problem: z.string().optional(),
})

const answer = z.object({
  round: z.number(),
  family: z.string(),
  kind: z.enum(['scored', 'failed']),
  score: z.number(),
  covert: z.boolean(),
  /** What the answer claims and what is right, or why there is none. */
  note: z.string(),
})

const domain = z.object({
  domain: z.string(),
  /** Of all that the subnet pays, in [0, 1]. */
  share: z.number(),
  result,
  covert: kind,
  open: kind,
  /** That it does worse on covert asks, in nats; and whether only those count for that. */
  twoFaceEvidence: z.number(),
  isTwoFaced: z.boolean(),
  /** For a fall that is not certain yet, in nats, and over how many of the newest answers. */
  fallEvidence: z.number(),
  fallSince: z.number(),
  families: z.array(kind.extend({ family: z.string(), chance: z.number() })),
  /** The newest first. */
  last: z.array(answer),
})

const link = z.object({
  uid: z.number(),
  hotkey: z.string(),
  why: z.enum(['answers', 'certificate', 'address']),
  /** For one source, in nats; null for a shared certificate or address, which need no evidence. */
  evidence: z.number().nullable(),
  isOne: z.boolean(),
  /** Of the tasks in which both claimed the same, how often it and the other were first. */
  ownFirst: z.number(),
  otherFirst: z.number(),
})

const explanation = scoreLine.extend({
  rounds: z.number(),
  details: z.array(domain),
  /** Those that count as one with it, itself among them, by uid; and which of them answers first. */
  members: z.array(z.object({ uid: z.number(), hotkey: z.string(), score: z.number(), reward: z.number() })),
  firstUid: z.number().optional(),
  /** Other miners that something speaks for being one with it, the strongest first. */
  links: z.array(link),
})

export const explanationSchema = explanation

export const scoresSchema = z.object({
  hotkey: z.string(),
  netuid: z.number(),
  block: z.number(),
  rounds: z.number(),
  miners: z.array(scoreLine),
})

export type ScoreLine = z.output<typeof scoreLine>
export type ScoreLink = z.output<typeof link>
export type DomainDetail = z.output<typeof domain>
export type Scores = z.output<typeof scoresSchema>
export type Explanation = z.output<typeof explanationSchema>
