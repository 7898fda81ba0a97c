/**
 * Marks the `k` largest values; among equal ones the higher uid wins. Everything is marked where there are fewer than
 * `k`.
 *
 * @returns 1 or 0 by uid
 * @see facts: yuma-consensus.md, 5.2
 */
export function topK(values: Float64Array, k: number): Uint8Array {
  const n = values.length
  const marks = new Uint8Array(n)
  if (n < k) return marks.fill(1)
  if (k === 0) return marks
  const threshold = Float64Array.from(values).sort()[n - k]!
  let left = k
  for (let i = 0; i < n; i++) {
    if (values[i]! > threshold) {
      marks[i] = 1
      left--
    }
  }
  for (let i = n - 1; left > 0; i--) {
    if (values[i] === threshold) {
      marks[i] = 1
      left--
    }
  }
  return marks
}

/** `topK` without zeros. */
export function topKNonzero(values: Float64Array, k: number): Uint8Array {
  const nonzero = values.filter((value) => value !== 0).length
  if (nonzero <= k) return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1))
  return topK(values, k).map((mark, i) => (values[i] === 0 ? 0 : mark))
}

/** The previous permits with the owner's hotkey always among them; they gate this epoch's stake and weights. */
export function oldPermits(validatorPermit: ArrayLike<boolean>, ownerUid: number | null): Uint8Array {
  const permitted = Uint8Array.from(validatorPermit, (permit) => (permit ? 1 : 0))
  if (ownerUid !== null) permitted[ownerUid] = 1
  return permitted
}

/**
 * Step 3: the permits that this epoch leaves behind: the `maxValidators` largest stakes, and the owner's hotkey.
 *
 * @see facts: yuma-consensus.md, 4 step 3
 */
export function newPermits(stake: Float64Array, maxValidators: number, ownerUid: number | null): Uint8Array {
  const permitted = topKNonzero(stake, maxValidators)
  if (ownerUid !== null) permitted[ownerUid] = 1
  return permitted
}
