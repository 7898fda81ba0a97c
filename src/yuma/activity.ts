/**
 * Blocks without a weight update after which a uid counts as inactive.
 *
 * @param factorMilli the subnet's activity cutoff factor, thousandths of a tempo; default 13,889
 * @see facts: yuma-consensus.md, 3
 */
export function activityCutoffBlocks(factorMilli: number, tempo: number): number {
  return Math.max(1, Math.floor((factorMilli * tempo) / 1000))
}

/**
 * Step 1: a uid is active while its last update is no more than the cutoff ago.
 *
 * @returns 1 for active, by uid
 * @see facts: yuma-consensus.md, 4 step 1
 */
export function activeUids(lastUpdate: ArrayLike<number>, cutoffBlocks: number, currentBlock: number): Uint8Array {
  const active = new Uint8Array(lastUpdate.length)
  for (let i = 0; i < active.length; i++) active[i] = lastUpdate[i]! + cutoffBlocks < currentBlock ? 0 : 1
  return active
}
