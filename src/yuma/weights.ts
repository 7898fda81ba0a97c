import { one } from '../fixed/unitKernel.ts'
import type { EpochInput } from './epochInput.ts'
import { normaliseRows } from './normaliseRows.ts'
import type { FixedRows, SparseRows } from './sparseRows.ts'

/** Tells whether row `i`'s entry in column `j` stays. */
export type KeepEntry = (i: number, j: number) => boolean

/** The entries that stay, u16 values as whole I32F32 numbers (raw below 2^48, multiples of 2^32). */
export function keepEntries(rows: SparseRows<Uint16Array>, keep: KeepEntry): FixedRows {
  const rowStart = new Uint32Array(rows.rowStart.length)
  const column = new Uint16Array(rows.column.length)
  const value = new Float64Array(rows.column.length)
  let kept = 0
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = rows.rowStart[i + 1]!
    for (let k = rows.rowStart[i]!; k < end; k++) {
      const j = rows.column[k]!
      if (!keep(i, j)) continue
      column[kept] = j
      value[kept] = rows.value[k]! * one
      kept++
    }
    rowStart[i + 1] = kept
  }
  return { rowStart, column: column.subarray(0, kept), value: value.subarray(0, kept) }
}

/** Rows of uids that held a permit. */
export function ofPermitted(permitted: Uint8Array): KeepEntry {
  return (i) => permitted[i] === 1
}

/** Everything but weights on oneself, which only the subnet owner may set. */
export function notOnSelf(ownerUid: number | null): KeepEntry {
  return (i, j) => i !== j || i === ownerUid
}

/**
 * Step 5: the weights in force, each row normalised. A weight counts only if it was set after its target registered and,
 * under commit-reveal, if no live commit of its setter is older than that registration.
 *
 * @param permitted 1 or 0 by uid, from before this epoch
 * @see facts: yuma-consensus.md, 4 step 5
 */
export function weightsInForce(input: EpochInput, permitted: Uint8Array): FixedRows {
  const { lastUpdate, blockAtRegistration, ownerUid } = input
  const commitBlocks = input.commitReveal ? input.commitBlocks : null
  const mayWeigh = ofPermitted(permitted)
  const notSelf = notOnSelf(ownerUid)
  return normaliseRows(
    keepEntries(input.weights, (i, j) => {
      if (j >= input.n || !mayWeigh(i, j) || !notSelf(i, j)) return false
      const registered = blockAtRegistration[j]!
      if (lastUpdate[i]! <= registered) return false
      const committed = commitBlocks?.[i] ?? null
      return committed === null || committed >= registered
    }),
  )
}
