import { makeRng, type Rng } from '../../base/random.ts'
import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import { type GroupSizes, groupsOf, type Member } from './groups.ts'
import { type RoundPlace, roundStream, taskStream } from './taskStream.ts'

/** One who takes part in a round. */
export interface Player extends Member {
  /** Asks of this round by domain. */
  readonly asks: ReadonlyMap<string, number>
}

/** A task and those who get it. */
export interface Hand {
  readonly task: Task
  readonly hotkeys: readonly string[]
  /** Whether it is to look like an app builder's question. */
  readonly covert: boolean
}

export interface DealRules {
  /** How many miners get the same task at the same moment. */
  readonly group: GroupSizes
  /** Share of the tasks that are asked covertly, in [0, 1]. */
  readonly covertShare: number
}

/**
 * Deals a round's tasks: each to several miners at the same moment, so that their answers can be compared and nobody has
 * one to copy from earlier. All is drawn from the validator's secret before the first ask, so no miner can change who gets
 * what with whom by being quick or slow.
 */
export class Deal {
  /** In the order in which they are to be played. */
  #hands: Hand[]
  readonly #tasks: ReadonlyMap<string, Iterator<Task>>
  readonly #gone = new Set<string>()

  constructor(
    players: readonly Player[],
    validators: ReadonlyMap<string, ValidatorDefinition>,
    place: RoundPlace,
    rules: DealRules,
  ) {
    const rng = makeRng(roundStream(place, 'deal'))
    this.#tasks = new Map([...validators].map(([domain, validator]) => [domain, taskStream(validator, place)]))
    this.#hands = []
    // Layer by layer, so that nobody's second ask waits while another's third is made.
    for (let layer = 0; ; layer++) {
      const hands = [...validators.keys()].flatMap((domain) => this.#handsOf(domain, layer, players, rules, rng))
      if (hands.length === 0) break
      this.#hands.push(...rng.shuffle(hands))
    }
  }

  get isOver(): boolean {
    return this.#hands.length === 0
  }

  /**
   * The next hand that can be played.
   *
   * @param isFree who has room for an ask now
   * @param eager false: only one whose players are all free; true: the first with a free player. The others get another
   *   task later: this one will have been seen by then
   */
  next(isFree: (hotkey: string) => boolean, eager: boolean): Hand | undefined {
    const at = this.#hands.findIndex(({ hotkeys }) => (eager ? hotkeys.some(isFree) : hotkeys.every(isFree)))
    if (at === -1) return undefined
    const hand = this.#hands.splice(at, 1)[0]!
    const busy = hand.hotkeys.filter((hotkey) => !isFree(hotkey))
    if (busy.length > 0) this.#hands.push({ ...hand, task: this.#nextTask(hand.task.domain), hotkeys: busy })
    return { ...hand, hotkeys: hand.hotkeys.filter(isFree) }
  }

  /** There is no asking this one any more. */
  drop(hotkey: string): void {
    if (this.#gone.has(hotkey)) return
    this.#gone.add(hotkey)
    this.#hands = this.#hands.flatMap((hand) => {
      const hotkeys = hand.hotkeys.filter((one) => one !== hotkey)
      return hotkeys.length === 0 ? [] : [{ ...hand, hotkeys }]
    })
  }

  #nextTask(domain: string): Task {
    return this.#tasks.get(domain)!.next().value as Task
  }

  /** The hands of those who have more asks than layers before: each layer is dealt anew, and nobody gets one task twice. */
  #handsOf(
    domain: string,
    layer: number,
    players: readonly Player[],
    { group, covertShare }: DealRules,
    rng: Rng,
  ): Hand[] {
    const members = players.filter(({ asks }) => (asks.get(domain) ?? 0) > layer)
    return groupsOf(members, group, rng).map((together) => {
      const hotkeys = together.map(({ hotkey }) => hotkey)
      return { task: this.#nextTask(domain), hotkeys, covert: rng.bool(covertShare) }
    })
  }
}
