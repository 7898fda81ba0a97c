import { pruningOrder } from '../../chain/pruningOrder.ts'
import type { Weights } from '../../chain/setWeights.ts'
import { activityCutoffBlocks } from '../../yuma/activity.ts'
import { epoch } from '../../yuma/epoch.ts'
import type { EpochInput } from '../../yuma/epochInput.ts'
import type { EpochOutput } from '../../yuma/epochOutput.ts'
import { maxUpscaleU16 } from '../../yuma/maxUpscale.ts'
import { packRows, unpackRows } from '../../yuma/sparseRows.ts'
import type { SubnetRules } from './subnetRules.ts'

/** Who takes a uid. */
export interface Registrant {
  readonly hotkey: string
  readonly alphaRao: bigint
  readonly rootRao: bigint
}

type Row = (readonly [uid: number, weight: number])[]

interface Slot extends Registrant {
  registeredAtBlock: number
  lastUpdateBlock: number
  permit: boolean
  emission: bigint
  weights: Row
  bonds: Row
  /** Weights that wait for their reveal, oldest first. */
  commits: { readonly epochIndex: number; readonly block: number; readonly row: Row }[]
}

/** Alpha of one epoch, in rao: what a subnet's miners, validators and root get in 360 blocks of 0.82 alpha. */
const epochEmission = 295_200_000_000n
/** Hundredths of a tempo, the chain's default. */
const activityFactorMilli = 13_889
const u64 = 2n ** 64n - 1n

/**
 * A subnet as far as its epochs depend on it: stakes, weights and commits, bonds, permits, registrations and pruning, with
 * the consensus that the chain computes. One epoch is `begin`, registrations, `send` of each validator, `end`.
 *
 * Reveals happen when their epoch begins, registrations and weights in its middle.
 *
 * @see facts: yuma-consensus.md; emission.md, 8
 */
export class SimSubnet {
  readonly #rules: SubnetRules
  readonly #slots: Slot[]
  #epochIndex = 0
  #block: number
  #lastStepBlock: number

  /** @param neurons by uid, all past their immunity; those with stake hold permits as far as there are some */
  constructor(rules: SubnetRules, neurons: readonly Registrant[]) {
    this.#rules = rules
    this.#block = rules.immunityBlocks + 10 * rules.tempoBlocks
    this.#lastStepBlock = this.#block - 1
    const ranked = [...neurons.keys()].sort((a, b) => this.#stakeOf(neurons[b]!) - this.#stakeOf(neurons[a]!))
    const permitted = new Set(ranked.slice(0, rules.maxValidators).filter((uid) => this.#stakeOf(neurons[uid]!) > 0))
    this.#slots = neurons.map((neuron, uid) => slotOf(neuron, 1, permitted.has(uid)))
  }

  /** By uid. */
  get hotkeys(): string[] {
    return this.#slots.map(({ hotkey }) => hotkey)
  }

  /** The stake that counts, as a share of all. By uid. */
  get stakeShares(): number[] {
    const stakes = this.#slots.map((slot) => this.#stakeOf(slot))
    const total = stakes.reduce((sum, stake) => sum + stake, 0)
    return stakes.map((stake) => (total === 0 ? 0 : stake / total))
  }

  begin(): void {
    this.#block++
    for (const slot of this.#slots) {
      while (
        slot.commits[0] !== undefined &&
        slot.commits[0].epochIndex + this.#rules.revealEpochs <= this.#epochIndex
      ) {
        this.#store(slot, slot.commits.shift()!.row)
      }
    }
  }

  /**
   * A newcomer in the middle of an epoch: the next uid, or that of whom the chain prunes.
   *
   * @returns its uid; undefined where all are protected
   */
  register(newcomer: Registrant): number | undefined {
    const block = this.#block + Math.floor(this.#rules.tempoBlocks / 4)
    const uid = this.#slots.length < this.#rules.maxNeurons ? this.#slots.length : this.#prunable(block)
    if (uid === undefined) return undefined
    this.#slots[uid] = slotOf(newcomer, block, false)
    // Entries that point at a replaced uid stay, worth nothing.
    for (const slot of this.#slots) slot.weights = slot.weights.map(([to, value]) => [to, to === uid ? 0 : value])
    return uid
  }

  /** Weights that a validator sets or commits in this epoch; without a permit the chain takes none. */
  send(uid: number, { uids, values }: Weights): void {
    const slot = this.#slots[uid]!
    if (!slot.permit) return
    const scaled = maxUpscaleU16(values)
    const row = uids.map((to, i) => [to, scaled[i]!] as const)
    if (this.#rules.revealEpochs === 0) this.#store(slot, row)
    else {
      slot.lastUpdateBlock = this.#sendBlock
      slot.commits.push({ epochIndex: this.#epochIndex, block: this.#sendBlock, row })
    }
  }

  /** What validators would agree on by the weights that anybody can read now, without those of one uid. u16 by uid. */
  visibleConsensus(withoutUid: number): Uint16Array {
    const rows = this.#slots.map(({ weights }, uid) => (uid === withoutUid ? [] : weights))
    return epoch(this.#input(this.#sendBlock, rows)).consensus
  }

  /** Runs the epoch. */
  end(): EpochOutput {
    this.#block += this.#rules.tempoBlocks - 1
    const rows = this.#slots.map(({ weights }) => weights)
    const output = epoch(this.#input(this.#block, rows))
    const bonds = unpackRows(output.bonds)
    for (const [uid, slot] of this.#slots.entries()) {
      slot.bonds = bonds[uid]!
      slot.permit = output.validatorPermit[uid]!
      slot.emission = output.emission[uid]!
    }
    this.#lastStepBlock = this.#block
    this.#epochIndex++
    return output
  }

  get #sendBlock(): number {
    return this.#block + Math.floor((3 * this.#rules.tempoBlocks) / 4)
  }

  #store(slot: Slot, row: Row): void {
    slot.weights = row
    slot.lastUpdateBlock = this.#rules.revealEpochs === 0 ? this.#sendBlock : this.#block
  }

  #stakeOf({ alphaRao, rootRao }: Registrant): number {
    return Number(alphaRao) + this.#rules.taoWeight * Number(rootRao)
  }

  #prunable(block: number): number | undefined {
    const { immunityBlocks, minNonImmune } = this.#rules
    const neurons = this.#slots.map(({ hotkey, emission, registeredAtBlock }, uid) => ({
      ...{ uid, hotkey, emission, registeredAtBlock },
      coldkey: hotkey,
    }))
    const state = { block, neurons, ownerHotkey: '', ownerColdkey: '', immunityBlocks, minNonImmune, spared: 0 }
    return pruningOrder(state)[0]
  }

  #input(currentBlock: number, weights: readonly Row[]): EpochInput {
    const rules = this.#rules
    const slots = this.#slots
    const n = slots.length
    return {
      n,
      currentBlock,
      tempo: rules.tempoBlocks,
      lastStepBlock: this.#lastStepBlock,
      activityCutoffBlocks: activityCutoffBlocks(activityFactorMilli, rules.tempoBlocks),
      lastUpdate: slots.map(({ lastUpdateBlock }) => lastUpdateBlock),
      blockAtRegistration: slots.map(({ registeredAtBlock }) => registeredAtBlock),
      alphaStake: BigUint64Array.from(slots, ({ alphaRao }) => alphaRao),
      taoStake: BigUint64Array.from(slots, ({ rootRao }) => rootRao),
      taoWeight: BigInt(Math.round(rules.taoWeight * 1e9)) * (u64 / 1_000_000_000n),
      stakeThreshold: 0n,
      ownerUid: null,
      validatorPermit: slots.map(({ permit }) => permit),
      maxValidators: rules.maxValidators,
      kappa: rules.kappa,
      bondsPenalty: rules.bondsPenalty,
      bondsMovingAverage: BigInt(rules.bondsMovingAverage),
      yuma3: rules.yuma3,
      liquidAlpha: rules.liquidAlpha,
      alphaLow: rules.alphaLow,
      alphaHigh: rules.alphaHigh,
      alphaSigmoidSteepness: rules.alphaSigmoidSteepness,
      commitReveal: rules.revealEpochs > 0,
      commitBlocks: slots.map(({ commits }) => commits[0]?.block ?? null),
      emission: epochEmission,
      weights: packRows(weights, n),
      bonds: packRows(
        slots.map(({ bonds }) => bonds),
        n,
      ),
    }
  }
}

function slotOf({ hotkey, alphaRao, rootRao }: Registrant, block: number, permit: boolean): Slot {
  return {
    ...{ hotkey, alphaRao, rootRao, permit },
    registeredAtBlock: block,
    lastUpdateBlock: block,
    emission: 0n,
    weights: [],
    bonds: [],
    commits: [],
  }
}
