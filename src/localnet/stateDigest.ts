import { hash } from 'node:crypto'
import type { Hex32 } from './scale/chainTypes.ts'

/**
 * A digest of a set of key-value pairs: the sum of the pairs' SHA-256, eight words modulo 2³² each. It follows each
 * change in constant time and does not depend on the order of changes, so equal states have equal digests. It is no
 * Merkle root: there are no storage proofs, and it does not withstand somebody who looks for collisions.
 */
export class StateDigest {
  readonly #sums: Uint32Array

  /** @param of goes on from this digest, which stays as it is */
  constructor(of?: StateDigest) {
    this.#sums = of === undefined ? new Uint32Array(8) : of.#sums.slice()
  }

  /** @returns the pair's hash, which makes its removal cheaper */
  add(key: string, value: Uint8Array): Buffer {
    const words = pairHash(key, value)
    for (let i = 0; i < 8; i++) this.#sums[i]! += words.readUInt32LE(4 * i)
    return words
  }

  /** The pair must have been added before. @param words its hash, where it was kept */
  remove(key: string, value: Uint8Array, words: Buffer = pairHash(key, value)): void {
    for (let i = 0; i < 8; i++) this.#sums[i]! -= words.readUInt32LE(4 * i)
  }

  get value(): Hex32 {
    return `0x${Buffer.from(this.#sums.buffer).toString('hex')}`
  }
}

let scratch = Buffer.alloc(1024)

function pairHash(key: string, value: Uint8Array): Buffer {
  const length = 4 + key.length + value.length
  if (length > scratch.length) scratch = Buffer.alloc(2 * length)
  scratch.writeUInt32LE(key.length, 0)
  scratch.write(key, 4, 'latin1')
  scratch.set(value, 4 + key.length)
  return hash('sha256', scratch.subarray(0, length), 'buffer')
}
