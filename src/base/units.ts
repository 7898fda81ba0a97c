declare const unit: unique symbol

/** A value that carries the name of its unit or kind in its type, and nothing at run time. */
export type Unit<Value, Name extends string> = Value & { readonly [unit]: Name }

/** Token amount in rao, TAO or alpha alike; 1 token = 10⁹ rao; fits a u64. */
export type Rao = Unit<bigint, 'Rao'>

/** SS58 address (prefix 42) of the key that serves, queries and signs weights. */
export type Hotkey = Unit<string, 'Hotkey'>

/** SS58 address (prefix 42) of the key that owns funds. */
export type Coldkey = Unit<string, 'Coldkey'>

/** 32 bytes as `0x` and 64 lower-case hex digits. */
export type Hash = Unit<`0x${string}`, 'Hash'>

export const raoPerToken = 1_000_000_000n

/** @throws RangeError when `value` does not fit the chain's u64 */
export function rao(value: bigint): Rao {
  if (BigInt.asUintN(64, value) !== value) throw new RangeError(`rao: ${value} is not a u64`)
  return value as Rao
}

/**
 * Reads an amount that a person typed in whole tokens: `1`, `0.5`, `12.000000001`.
 *
 * @throws RangeError for anything else, more than 9 decimals included
 */
export function parseTokens(text: string): Rao {
  const match = /^(\d{1,11})(?:\.(\d{1,9}))?$/.exec(text)
  if (match === null) throw new RangeError(`amount: ${text} is not a number of tokens with at most 9 decimals`)
  return rao(BigInt(match[1]!) * raoPerToken + BigInt((match[2] ?? '').padEnd(9, '0')))
}

/** An amount as people read it, always with 9 decimals: `τ1.500000000`. */
export function formatTokens(amount: bigint, symbol = 'τ'): string {
  const sign = amount < 0n ? '-' : ''
  const size = amount < 0n ? -amount : amount
  return `${sign}${symbol}${size / raoPerToken}.${(size % raoPerToken).toString().padStart(9, '0')}`
}
