/**
 * u64 values as pairs of 32-bit words in doubles, so that loops over uids need no `bigint`. The words are read from and
 * written to the memory of a `BigUint64Array`.
 */

/** Index of the low word in a u64's memory; the high word has the other. */
const lowWord = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1
const two16 = 2 ** 16
const two32 = 2 ** 32

/** A view of a `BigUint64Array` as words; read and write it with the functions below. */
export type U64Words = Uint32Array

export function wordsOf(values: BigUint64Array): U64Words {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
}

export function lowOf(words: U64Words, index: number): number {
  return words[2 * index + lowWord]!
}

export function highOf(words: U64Words, index: number): number {
  return words[2 * index + 1 - lowWord]!
}

/** @param high, low integers in [0, 2^32) */
export function setWords(words: U64Words, index: number, high: number, low: number): void {
  words[2 * index + lowWord] = low
  words[2 * index + 1 - lowWord] = high
}

/** Three words of a number below 2^96 with 32 fraction bits, lowest first. */
export type Fixed96 = [fraction: number, low: number, high: number]

/**
 * u64 times a factor in [0, 2^32], exactly, in three words: read with 32 fraction bits it is the u64 times a raw I32F32
 * in [0, 1]. The factor is split in 16-bit halves, so no partial product reaches 2^53.
 */
export function scaleU64(high: number, low: number, factor: number, out: Fixed96): void {
  const factorHigh = Math.floor(factor / two16)
  const factorLow = factor - factorHigh * two16
  const a = low * factorHigh
  const aHigh = Math.floor(a / two16)
  const sum0 = (a - aHigh * two16) * two16 + low * factorLow
  const carry0 = Math.floor(sum0 / two32)
  const b = high * factorHigh
  const bHigh = Math.floor(b / two16)
  const sum1 = (b - bHigh * two16) * two16 + high * factorLow + aHigh + carry0
  const carry1 = Math.floor(sum1 / two32)
  out[0] = sum0 - carry0 * two32
  out[1] = sum1 - carry1 * two32
  out[2] = bHigh + carry1
}

/** `floor(u64 * x / 2^32)` for every raw I32F32 x in [0, 1]. */
export function shareOutU64(amount: bigint, shares: Float64Array): BigUint64Array {
  const out = new BigUint64Array(shares.length)
  const words = wordsOf(out)
  const high = Number(amount >> 32n)
  const low = Number(amount & 0xffff_ffffn)
  const product: Fixed96 = [0, 0, 0]
  for (let i = 0; i < shares.length; i++) {
    if (shares[i] === 0) continue
    scaleU64(high, low, shares[i]!, product)
    setWords(words, i, product[2], product[1])
  }
  return out
}
