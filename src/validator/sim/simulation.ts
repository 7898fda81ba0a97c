import { makeRng } from '../../base/random.ts'
import type { ValidatorDefinition } from '../../domain/defineValidator.ts'
import type { Miner } from '../miners.ts'
import type { Asked } from '../query.ts'
import { allotRound } from '../sampling/allotRound.ts'
import { Deal, type Hand } from '../sampling/deal.ts'
import { outcomeOf, pairNewsOf } from '../sampling/gathered.ts'
import { groupSizes } from '../sampling/groups.ts'
import { kinOf } from '../sampling/kin.ts'
import { addAnswers } from '../scoring/addAnswers.ts'
import { addPairNews, type Pair, type PairNews, pairKey } from '../scoring/clusters.ts'
import { type Reward, rewardsOf } from '../scoring/rewards.ts'
import type { ScoredAnswer } from '../scoring/scoredAnswer.ts'
import { accuracyOf } from '../scoring/scoresOf.ts'
import type { AnswerForm, Behaviour } from './behaviour.ts'

/** A simulated miner. */
export interface SimMiner {
  readonly hotkey: string
  readonly behaviour: Behaviour
  /** Miners with one source draw from one stream: what one says, all say. Default: the hotkey. */
  readonly source?: string
  /** Where it is, for those who share a network. Default: one of its own. */
  readonly host?: string
}

export interface SimRules {
  /** Questions a miner and round, on average. */
  readonly tasks: number
  readonly groupSize: number
  readonly covertShare: number
  /** False: the same for all, whatever is known. */
  readonly bandit: boolean
  /** False: what miners have in common is not looked at. */
  readonly clusters: boolean
  /** By family, see `answerForms`. Default: as the domains that ship here want answers. */
  readonly forms?: ReadonlyMap<string, AnswerForm>
}

export const defaultRules: SimRules = { tasks: 4, groupSize: 8, covertShare: 0.25, bandit: true, clusters: true }

const askTimeoutMs = 10_000

/**
 * One validator's rounds over simulated miners: its own sampler, the domain's own tasks and scorer, its own scoring; only
 * the network and the models are left out.
 */
export class Simulation {
  readonly #validator: ValidatorDefinition
  #miners: readonly SimMiner[] = []
  #byHotkey: ReadonlyMap<string, SimMiner> = new Map()
  #places: readonly Miner[] = []
  readonly #seed: string
  readonly #rules: SimRules
  readonly #answers = new Map<string, readonly ScoredAnswer[]>()
  readonly #pairs = new Map<string, Pair>()
  #round = 0
  #asks = 0

  constructor(
    validator: ValidatorDefinition,
    miners: readonly SimMiner[],
    seed: string,
    rules: Partial<SimRules> = {},
  ) {
    this.#validator = validator
    this.#seed = seed
    this.#rules = { ...defaultRules, ...rules }
    this.miners = miners
  }

  /** Those who are registered from now on; what is known of the others stays with them. */
  set miners(miners: readonly SimMiner[]) {
    this.#miners = miners
    this.#byHotkey = new Map(miners.map((miner) => [miner.hotkey, miner]))
    this.#places = miners.map(({ hotkey, host }, uid) => ({
      uid,
      hotkey,
      target: {
        host: host ?? `10.${uid >> 8}.${uid & 255}.1`,
        port: 8_091 + uid,
        hotkey,
        publicKey: new Uint8Array(32).map((_, i) => (uid >> (8 * (i % 4))) & 255),
      },
    }))
  }

  /** Asks so far. */
  get asks(): number {
    return this.#asks
  }

  answersOf(hotkey: string): readonly ScoredAnswer[] {
    return this.#answers.get(hotkey) ?? []
  }

  /** One round of questions. */
  next(): void {
    const round = this.#round++
    const { groupSize, covertShare } = this.#rules
    const { domain } = this.#validator
    const kin = kinOf(this.#places, this.#pairs.values())
    const counts = this.#allotted()
    const players = this.#miners.map(({ hotkey }, i) => ({
      hotkey,
      kin: kin.get(hotkey) ?? [],
      asks: new Map([[domain, counts[i]!]]),
    }))
    const group = groupSizes(groupSize)
    const deal = new Deal(
      players,
      new Map([[domain, this.#validator]]),
      { seed: this.#seed, round },
      { group, covertShare },
    )
    const more = new Map<string, ScoredAnswer[]>()
    for (let hand = deal.next(() => true, false); hand !== undefined; hand = deal.next(() => true, false)) {
      this.#play(hand, round, more)
    }
    for (const [hotkey, list] of more) this.#answers.set(hotkey, addAnswers(this.answersOf(hotkey), list).kept)
  }

  /** What each miner is worth now, by hotkey. */
  rewards(): Map<string, Reward> {
    const { domain } = this.#validator
    const miners = new Map(
      this.#miners.map(({ hotkey }) => {
        const answers = this.answersOf(hotkey).map((answer) => ({ ...answer, id: 0 }))
        return [hotkey, { domains: [domain], answers: new Map([[domain, answers]]), scored: 0, failed: 0 }]
      }),
    )
    const pairs = this.#rules.clusters ? this.#pairs : new Map<string, Pair>()
    return rewardsOf(this.#places, { miners, pairs, traffic: { served: new Map() } }, { domains: new Set([domain]) })
  }

  #allotted(): number[] {
    const { tasks, bandit } = this.#rules
    if (!bandit) return this.#miners.map(() => tasks)
    const known = this.#miners.map(({ hotkey }) => this.answersOf(hotkey))
    return allotRound(known, tasks)
  }

  #play(hand: Hand, round: number, more: Map<string, ScoredAnswer[]>): void {
    const rules = { round, askTimeoutMs, accuracyOf: (hotkey: string) => accuracyOf(this.answersOf(hotkey)) }
    const answers = new Map<string, Asked>()
    for (const hotkey of hand.hotkeys) {
      this.#asks++
      const asked = this.#ask(hand, hotkey, round)
      answers.set(hotkey, asked)
      const outcome = outcomeOf(hand, hotkey, asked, rules)
      if (outcome === undefined) continue
      more.set(hotkey, [...(more.get(hotkey) ?? []), outcome])
    }
    for (const news of pairNewsOf(hand, answers, rules)) this.#addPair(news)
  }

  #ask({ task, covert }: Hand, hotkey: string, round: number): Asked {
    const { behaviour, source = hotkey } = this.#byHotkey.get(hotkey)!
    const rng = makeRng(`${this.#seed}/${source}/${task.question}`)
    const form = this.#rules.forms?.get(task.family)
    const said = behaviour({ task, round, covert, rng, ...(form !== undefined && { form }) })
    if (said === undefined) return { kind: 'failed', why: 'timeout', isGone: false }
    const { score, claim } = this.#validator
    const claimed = claim === undefined ? said.text : claim(task, said.text)
    const { confidence, elapsedMs } = said
    return { kind: 'scored', score: score(task, said.text), claim: claimed, confidence, elapsedMs }
  }

  #addPair(news: PairNews): void {
    const key = pairKey(news)
    this.#pairs.set(key, addPairNews(this.#pairs.get(key), news))
  }
}
