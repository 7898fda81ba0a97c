import type { Earned } from './earnings.ts'

/** One neuron, or several of a kind together. */
export interface Row extends Earned {
  readonly name: string
  readonly role: 'miner' | 'validator'
  /** `honest`, or how it earns without the work. */
  readonly group: string
  /** Absent for validators and for miners without a model. */
  readonly skill?: number
  /** Mean over the validators that score, in [0, 1]; of miners that are registered at the end. */
  readonly score?: number
  /** Mean share of the honest validators' weights at the end. */
  readonly weight?: number
  /** Dividends by stake over the second half of the epochs, 1 for the honest validators together; of validators. */
  readonly dividendsPerStake?: number
  /** Absent for those that were replaced. */
  readonly uid?: number
}

export interface GroupRow {
  readonly role: Row['role']
  readonly group: string
  readonly neurons: number
  readonly incentive: number
  readonly dividends: number
  readonly emission: number
  readonly stake: number
  readonly dividendsPerStake?: number
}
