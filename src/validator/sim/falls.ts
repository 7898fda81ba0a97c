import { makeRng } from '../../base/random.ts'
import { windowAnswers } from '../scoring/addAnswers.ts'
import { alarm, driftOf, suspicion } from '../scoring/driftWatch.ts'

/** A fall that is to be noticed. */
export interface FallCase {
  readonly from: number
  readonly to: number
  /** Answers after the fall within which it is to be noticed. */
  readonly within: number
}

export interface FallResult extends FallCase {
  /** Share of the runs in which the miner was asked more often by then, and in which its past no longer counted. */
  readonly suspected: number
  readonly noticed: number
  /** The most that any test could notice of right-or-wrong answers with false alarms in under 1 % of 200 answers. */
  readonly ceiling: number
}

export interface SteadyResult {
  readonly skill: number
  /** Share of the runs of 200 answers in which a steady miner set off the alarm. */
  readonly falseAlarms: number
}

export const fallCases: readonly FallCase[] = [
  { from: 0.9, to: 0.3, within: 10 },
  { from: 0.9, to: 0.6, within: 40 },
]

const steadySkills = [0.95, 0.9, 0.75, 0.5, 0.3]
const spanAnswers = 200
const falseAlarmShare = 0.01
/** Answers of a miner before what is looked at. */
const pastAnswers = 150

export function fallResults(seed: string, runs: number): FallResult[] {
  return fallCases.map((one) => {
    let suspected = 0
    let noticed = 0
    for (let run = 0; run < runs; run++) {
      const rng = makeRng(`${seed}/fall ${one.to} ${run}`)
      const scores = Array.from({ length: pastAnswers }, () => (rng.bool(one.from) ? 1 : 0))
      let most = 0
      for (let i = 0; i < one.within; i++) {
        scores.push(rng.bool(one.to) ? 1 : 0)
        most = Math.max(most, driftOf(scores.slice(-windowAnswers)).evidence)
      }
      if (most >= suspicion) suspected++
      if (most >= alarm) noticed++
    }
    return { ...one, suspected: suspected / runs, noticed: noticed / runs, ceiling: ceilingOf(one) }
  })
}

export function steadyResults(seed: string, runs: number): SteadyResult[] {
  return steadySkills.map((skill) => {
    let alarms = 0
    for (let run = 0; run < runs; run++) {
      const rng = makeRng(`${seed}/steady ${skill} ${run}`)
      const scores = Array.from({ length: pastAnswers }, () => (rng.bool(skill) ? 1 : 0))
      for (let i = 0; i < spanAnswers; i++) {
        scores.push(rng.bool(skill) ? 1 : 0)
        if (driftOf(scores.slice(-windowAnswers)).evidence < alarm) continue
        alarms++
        break
      }
    }
    return { skill, falseAlarms: alarms / runs }
  })
}

/**
 * An upper bound on what any rule can notice. A span of 200 answers has `200 / within` stretches of `within` answers; with
 * false alarms in at most 1 % of spans some stretch has one with at most that share of the probability, and in it no test
 * has more power than Neyman and Pearson's of that size, even if it knows both accuracies.
 */
export function ceilingOf({ from, to, within }: FallCase): number {
  const size = (falseAlarmShare * within) / spanAnswers
  let spent = 0
  let power = 0
  for (let wrong = within; wrong >= 0; wrong--) {
    const steady = binomial(within, wrong, 1 - from)
    const fallen = binomial(within, wrong, 1 - to)
    const share = Math.min(1, (size - spent) / steady)
    power += share * fallen
    spent += share * steady
    if (share < 1) break
  }
  return power
}

function binomial(n: number, k: number, p: number): number {
  let value = 1
  for (let i = 0; i < k; i++) value *= (n - i) / (i + 1)
  return value * p ** k * (1 - p) ** (n - k)
}
