/** Where alpha may go, beside into what is still pending. */
export const emissionKinds = ['issued', 'paid', 'ownerCut', 'burned', 'recycled', 'remainder'] as const
export type EmissionKind = (typeof emissionKinds)[number]

/**
 * Where alpha went, told while a block runs. The chain itself keeps no such account; the node sums these up so that
 * `issued = paid + ownerCut + burned + recycled + remainder + what is still pending` can be checked to the rao.
 */
export interface EmissionFact {
  readonly netuid: number
  readonly kind: EmissionKind
  /** Alpha rao. */
  readonly amount: bigint
}
