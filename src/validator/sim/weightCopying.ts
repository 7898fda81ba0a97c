import { makeRng } from '../../base/random.ts'
import { draftWeights } from '../draftWeights.ts'
import { windowAnswers } from '../scoring/addAnswers.ts'
import { domainScore } from '../scoring/domainScore.ts'
import type { ScoredAnswer } from '../scoring/scoredAnswer.ts'
import { Earnings } from './earnings.ts'
import { SimSubnet } from './simSubnet.ts'
import { newSubnet, type SubnetRules } from './subnetRules.ts'

export interface WeightCopyingOptions {
  readonly miners: number
  /** Epochs that count. */
  readonly epochs: number
  /** Half of the miners change skill every so many epochs. */
  readonly changeEveryEpochs: number
  readonly seed: string
  readonly rules?: Partial<SubnetRules>
  /** Weights follow scores to this power, as with `--scores.power`; default 1. */
  readonly power?: number
}

export const usualCopying: Omit<WeightCopyingOptions, 'seed'> = { miners: 32, epochs: 50, changeEveryEpochs: 5 }

/** After the copier's first weights are in force. */
const settlingEpochs = 20
const skills = { least: 0.2, most: 0.95 }
const honestAlpha = [100_000n, 70_000n, 50_000n]
const copierAlpha = 20_000n
const alpha = 1_000_000_000n

/** Dividends by stake of the copier over those of the honest validators: 1 where copying earns as much as the work. */
export interface CopyingResult {
  /** From the first epoch on, in which nobody has bonds yet and the copier nothing to read. */
  readonly fromTheStart: number
  /** After the copier's weights have been in force for twenty epochs. */
  readonly settled: number
}

/**
 * What a validator that copies weights earns. It sets what the chain would agree on by the weights that it can read
 * last thing in each epoch.
 *
 * Honest validators know each miner by as many answers of the epoch as the scoring's window holds: at its usual settings a
 * validator asks more often than that in an epoch of 360 blocks, so what it weighs is what the miners are worth now. The
 * answers' luck differs between validators; from there on the scores, weights and consensus are the real ones.
 *
 * Figures: docs/scoring.md, "Copied weights"
 */
export function weightCopying(options: WeightCopyingOptions): CopyingResult {
  const { miners, epochs, changeEveryEpochs, seed, rules, power = 1 } = options
  const settings = { ...newSubnet, ...rules }
  const names = [...honestAlpha.map((_, i) => `honest-${i + 1}`), 'copier']
  const stakes = [...honestAlpha, copierAlpha].map((amount) => amount * alpha)
  const first = names.length
  const hotkeys = [...names, ...Array.from({ length: miners }, (_, i) => `miner-${i + 1}`)]
  const subnet = new SimSubnet(
    settings,
    hotkeys.map((hotkey, uid) => ({ hotkey, alphaRao: stakes[uid] ?? 0n, rootRao: 0n })),
  )
  const rng = makeRng(`${seed}/skills`)
  const draw = (): number => skills.least + (skills.most - skills.least) * rng.float()
  const luck = makeRng(`${seed}/answers`)
  const [early, late] = [new Earnings(), new Earnings()]
  const truth = Array.from({ length: miners }, draw)
  // It first reads weights when the first ones are revealed, and its own take as long again.
  const warmUp = 2 * settings.revealEpochs + settlingEpochs
  for (let epoch = 0; epoch < warmUp + epochs; epoch++) {
    if (epoch > 0 && epoch % changeEveryEpochs === 0) {
      const changing = rng.shuffle([...truth.keys()]).slice(0, Math.floor(miners / 2))
      for (const i of changing) truth[i] = draw()
    }
    subnet.begin()
    for (const uid of honestAlpha.keys()) {
      const scores = hotkeys.map((_, j) => (j < first ? 0 : scoreOf(truth[j - first]!, luck.bool) ** power))
      const weights = draftWeights(scores, settings)
      if (weights !== undefined) subnet.send(uid, weights)
    }
    const copied = draftWeights([...subnet.visibleConsensus(first - 1)], settings)
    if (copied !== undefined) subnet.send(first - 1, copied)
    const output = subnet.end()
    if (epoch < epochs) early.add(hotkeys, subnet.stakeShares, output)
    if (epoch >= warmUp) late.add(hotkeys, subnet.stakeShares, output)
  }
  return { fromTheStart: rateOf(early, names), settled: rateOf(late, names) }
}

/** @param names the honest validators and then the copier */
function rateOf(earnings: Earnings, names: readonly string[]): number {
  const honest = names.slice(0, -1).map((name) => earnings.of(name))
  const work = sumOf(honest.map(({ dividends }) => dividends)) / sumOf(honest.map(({ stake }) => stake))
  const copier = earnings.of(names.at(-1)!)
  return copier.dividends / copier.stake / work
}

/** What a window of a miner's answers is worth. */
function scoreOf(skill: number, bool: (probability: number) => boolean): number {
  const answers = Array.from(
    { length: windowAnswers },
    (): ScoredAnswer => ({ round: 0, family: '', kind: 'scored', score: bool(skill) ? 1 : 0, chance: 0, lateness: 0 }),
  )
  return domainScore(answers).score
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
