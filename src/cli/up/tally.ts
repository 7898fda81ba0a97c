import type { EpochState } from '../../chain/epochClock.ts'
import type { Metagraph } from '../../chain/getMetagraph.ts'
import { addEmission, type EmissionAccount, type EpochRecord, noEmission } from './followEpochs.ts'
import { type Named, type NeuronRow, neuronRows, type Report, totalAnswers } from './report.ts'
import type { ValidatorStatus } from './validatorStatus.ts'

/** What a run has come to so far. */
export class Tally {
  /** As of the newest block. */
  clock: EpochState | undefined
  firstWeightsMs: number | undefined
  /** Counted epochs: those in which weights of every querying validator were in force. */
  epochs = 0
  emission: EmissionAccount = noEmission
  readonly statuses = new Map<string, ValidatorStatus>()
  readonly #named: readonly Named[]
  readonly #queriers: readonly number[]
  readonly #emissionByUid = new Map<number, bigint>()
  #metagraph: Metagraph

  /** @param queriers uids of the validators that ask */
  constructor(named: readonly Named[], queriers: readonly number[], metagraph: Metagraph) {
    this.#named = named
    this.#queriers = queriers
    this.#metagraph = metagraph
  }

  counts({ weighers }: EpochRecord): boolean {
    return this.#queriers.every((uid) => weighers.has(uid))
  }

  /** Shows an epoch's outcome without counting it. */
  show({ metagraph }: EpochRecord): void {
    this.#metagraph = metagraph
  }

  count(epoch: EpochRecord, emission: EmissionAccount): void {
    this.show(epoch)
    this.epochs++
    this.emission = addEmission(this.emission, emission)
    for (const { uid, emission: amount } of epoch.metagraph.neurons) {
      this.#emissionByUid.set(uid, (this.#emissionByUid.get(uid) ?? 0n) + amount)
    }
  }

  get rows(): NeuronRow[] {
    return neuronRows(this.#metagraph, this.#named, [...this.statuses.values()], this.#emissionByUid)
  }

  get answers(): Report['answers'] {
    return totalAnswers([...this.statuses.values()])
  }

  get inFlight(): number {
    return this.#sum(({ inFlight }) => inFlight)
  }

  get weightsSet(): number {
    return this.#sum(({ weightsSet }) => weightsSet)
  }

  #sum(of: (status: ValidatorStatus) => number): number {
    return [...this.statuses.values()].reduce((sum, status) => sum + of(status), 0)
  }
}
