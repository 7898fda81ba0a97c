import { ByteLog } from './byteLog.ts'
import { blake2b256 } from './extrinsic.ts'
import type { Hex32 } from './scale/chainTypes.ts'
import { header as headerType } from './scale/frameTypes.ts'
import { ScaleReader } from './scale/io.ts'
import { bytes as bytesType, encode, type ValueOf, vec } from './scale/types.ts'

export type Header = ValueOf<typeof headerType>

/** A finished block. Extrinsics are whole, each with its length prefix. */
export interface Block {
  readonly hash: Hex32
  readonly header: Header
  readonly extrinsics: readonly Uint8Array[]
}

const hashBytes = 32

/** BlakeTwo256 of the SCALE header, as every Substrate client computes it. */
export function hashHeader(header: Header): Hex32 {
  return toHash(blake2b256(encode(headerType, header)))
}

/** Digest of a block's extrinsics. Any deterministic one will do: clients do not recompute it. */
export function extrinsicsRoot(extrinsics: readonly Uint8Array[]): Hex32 {
  return toHash(blake2b256(encode(vec(bytesType), [...extrinsics])))
}

function toHash(bytes: Uint8Array): Hex32 {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** The chain's blocks by number and by hash, the last `keepBlocks` before the head and block 0. */
export class BlockStore {
  readonly #keepBlocks: number
  /** Hash, header and extrinsics of each block, packed. */
  readonly #log = new ByteLog()
  readonly #numbers = new Map<Hex32, number>()
  #head: Block

  constructor(genesis: Block, options: { keepBlocks: number }) {
    this.#keepBlocks = options.keepBlocks
    this.#head = genesis
    this.append(genesis)
  }

  get head(): Block {
    return this.#head
  }

  append(block: Block): void {
    const { number } = block.header
    // Of a stretch that was taken back: its hash lives until its number is given again.
    const former = this.#hashOf(number)
    if (former !== undefined && former !== block.hash) this.#numbers.delete(former)
    this.#log.append(number, pack(block))
    this.#numbers.set(block.hash, number)
    this.#head = block
    const oldest = number - this.#keepBlocks - 1
    const gone = oldest > 0 ? this.#hashOf(oldest) : undefined
    if (gone === undefined) return
    this.#numbers.delete(gone)
    this.#log.drop(oldest)
  }

  /**
   * Takes back the blocks after one, in constant time: they lie there until others take their numbers.
   *
   * @param head a block of this chain, which may have been dropped since
   */
  rewind(head: Block): void {
    this.append(head)
  }

  hashAt(number: number): Hex32 | undefined {
    return number > this.#head.header.number ? undefined : this.#hashOf(number)
  }

  numberOf(hash: Hex32): number | undefined {
    const number = this.#numbers.get(hash)
    return number === undefined || number > this.#head.header.number ? undefined : number
  }

  block(number: number): Block | undefined {
    if (number === this.#head.header.number) return this.#head
    if (number > this.#head.header.number) return undefined
    return this.#log.has(number) ? unpack(this.#log.read(number)) : undefined
  }

  #hashOf(number: number): Hex32 | undefined {
    return this.#log.has(number) ? toHash(this.#log.read(number).subarray(0, hashBytes)) : undefined
  }
}

/** Hash, header and extrinsics in one. */
export function pack({ hash, header, extrinsics }: Block): Uint8Array {
  return Buffer.concat([
    Buffer.from(hash.slice(2), 'hex'),
    encode(headerType, header),
    encode(vec(bytesType), [...extrinsics]),
  ])
}

export function unpack(packed: Uint8Array): Block {
  const input = new ScaleReader(packed)
  const hash = toHash(input.bytes(hashBytes))
  return { hash, header: headerType.decode(input), extrinsics: vec(bytesType).decode(input) }
}
