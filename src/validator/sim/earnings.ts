import type { EpochOutput } from '../../yuma/epochOutput.ts'

/** What one neuron got over the epochs in which weights were in force; shares of all that was paid of that kind. */
export interface Earned {
  readonly incentive: number
  readonly dividends: number
  readonly emission: number
  /** Mean share of the stake. */
  readonly stake: number
}

/** Adds up who earns what, by name, whoever holds which uid. */
export class Earnings {
  readonly #sums = new Map<string, { incentive: number; dividends: number; emission: number; stake: number }>()
  #epochs = 0

  /** Epochs that count. */
  get epochs(): number {
    return this.#epochs
  }

  /** @param names by uid */
  add(names: readonly string[], stakeShares: readonly number[], output: EpochOutput): void {
    // Without any weights in force an epoch pays by stake alone, which says nothing of a mechanism.
    if (output.incentive.every((incentive) => incentive === 0)) return
    this.#epochs++
    const incentive = sharesOf(output.serverEmission)
    const dividends = sharesOf(output.validatorEmission)
    const emission = sharesOf(output.emission)
    for (const [uid, name] of names.entries()) {
      const sum = this.#sums.get(name) ?? { incentive: 0, dividends: 0, emission: 0, stake: 0 }
      sum.incentive += incentive[uid]!
      sum.dividends += dividends[uid]!
      sum.emission += emission[uid]!
      sum.stake += stakeShares[uid]!
      this.#sums.set(name, sum)
    }
  }

  of(name: string): Earned {
    const { incentive, dividends, emission, stake } = this.#sums.get(name) ?? nothing
    const n = Math.max(1, this.#epochs)
    return { incentive: incentive / n, dividends: dividends / n, emission: emission / n, stake: stake / n }
  }
}

const nothing = { incentive: 0, dividends: 0, emission: 0, stake: 0 }

function sharesOf(amounts: BigUint64Array): number[] {
  const values = Array.from(amounts, Number)
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map((value) => (total === 0 ? 0 : value / total))
}
