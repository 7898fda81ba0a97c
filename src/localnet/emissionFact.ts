/**
 * Where alpha went, told while a block runs. The chain itself keeps no such account; the node sums these up so that
 * `issued = paid + ownerCut + burned + recycled + remainder + what is still pending` can be checked to the rao.
 */
export interface EmissionFact {
  readonly netuid: number
  readonly kind: 'issued' | 'paid' | 'ownerCut' | 'burned' | 'recycled' | 'remainder'
  /** Alpha rao. */
  readonly amount: bigint
}
