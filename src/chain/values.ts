import type { Codec } from '@polkadot/types/types'
import type { Coldkey, Hotkey } from '../base/units.ts'

/** Plain values out of decoded ones. Amounts may exceed 2^53, so they pass through text. */
export const asNumber = (value: Codec | undefined): number => (value === undefined ? 0 : Number(value.toString()))
export const asBigint = (value: Codec | undefined): bigint => (value === undefined ? 0n : BigInt(value.toString()))
export const asBoolean = (value: Codec | undefined): boolean =>
  value !== undefined && (value as Codec & { isTrue?: boolean }).isTrue === true
export const asText = (value: Codec | undefined): string => (value === undefined ? '' : value.toString())
export const asList = (value: Codec | undefined): readonly Codec[] =>
  value === undefined ? [] : [...(value as unknown as Iterable<Codec>)]
export const asNumbers = (value: Codec | undefined): number[] => asList(value).map(asNumber)
export const asBigints = (value: Codec | undefined): bigint[] => asList(value).map(asBigint)
export const asBooleans = (value: Codec | undefined): boolean[] => asList(value).map(asBoolean)
export const asHotkey = (value: Codec | undefined): Hotkey => asText(value) as Hotkey
export const asColdkey = (value: Codec | undefined): Coldkey => asText(value) as Coldkey
export const asBytes = (value: Codec): Uint8Array => {
  const raw = value as Codec & { toU8a(bare?: boolean): Uint8Array }
  return raw.toU8a(true)
}
/** A named field of a decoded struct. */
export const field = (value: Codec, name: string): Codec => (value as unknown as { get(key: string): Codec }).get(name)
