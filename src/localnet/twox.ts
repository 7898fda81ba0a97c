// xxHash64 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md) as Substrate's Twox hashers use it: one
// 64-bit word for each seed 0, 1, …, little-endian. Not cryptographic. Our own, since the library that has it costs
// more than 100 ms at start.

const prime1 = 0x9e3779b185ebca87n
const prime2 = 0xc2b2ae3d27d4eb4fn
const prime3 = 0x165667b19e3779f9n
const prime4 = 0x85ebca77c2b2ae63n
const prime5 = 0x27d4eb2f165667c5n

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotate = (value: bigint, bits: bigint): bigint => wrap(value << bits) | (value >> (64n - bits))
const round = (lane: bigint, input: bigint): bigint => wrap(rotate(wrap(lane + input * prime2), 31n) * prime1)
const merge = (hash: bigint, lane: bigint): bigint => wrap((hash ^ round(0n, lane)) * prime1 + prime4)

/** @returns the 64-bit hash as a number; `seed` is a u64 */
export function xxhash64(data: Uint8Array, seed: bigint): bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let offset = 0
  let hash: bigint
  if (data.length >= 32) {
    let [a, b, c, d] = [wrap(seed + prime1 + prime2), wrap(seed + prime2), seed, wrap(seed - prime1)]
    for (; offset + 32 <= data.length; offset += 32) {
      a = round(a, view.getBigUint64(offset, true))
      b = round(b, view.getBigUint64(offset + 8, true))
      c = round(c, view.getBigUint64(offset + 16, true))
      d = round(d, view.getBigUint64(offset + 24, true))
    }
    hash = wrap(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n))
    for (const lane of [a, b, c, d]) hash = merge(hash, lane)
  } else {
    hash = wrap(seed + prime5)
  }
  hash = wrap(hash + BigInt(data.length))
  for (; offset + 8 <= data.length; offset += 8) {
    hash = wrap(rotate(hash ^ round(0n, view.getBigUint64(offset, true)), 27n) * prime1 + prime4)
  }
  if (offset + 4 <= data.length) {
    hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint32(offset, true)) * prime1), 23n) * prime2 + prime3)
    offset += 4
  }
  for (; offset < data.length; offset++) hash = wrap(rotate(hash ^ wrap(BigInt(data[offset]!) * prime5), 11n) * prime1)
  hash = wrap((hash ^ (hash >> 33n)) * prime2)
  hash = wrap((hash ^ (hash >> 29n)) * prime3)
  return hash ^ (hash >> 32n)
}

/** `twox64` or `twox128` of Substrate. */
export function twox(data: Uint8Array, bits: 64 | 128): Uint8Array {
  const digest = new Uint8Array(bits / 8)
  const view = new DataView(digest.buffer)
  for (let i = 0; i < bits / 64; i++) view.setBigUint64(8 * i, xxhash64(data, BigInt(i)), true)
  return digest
}
