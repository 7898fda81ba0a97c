import { compact, type ScaleType, u8, vec } from '../../scale/types.ts'

const list = vec(compact(u8))

/** `Vec<Compact<u8>>` as a Uint8Array: every byte is a compact number, so those of 64 and more take two bytes. */
export const compactBytes: ScaleType<Uint8Array> = {
  ...list,
  encode: (value, out) => list.encode([...value], out),
  decode: (input) => Uint8Array.from(list.decode(input)),
}
