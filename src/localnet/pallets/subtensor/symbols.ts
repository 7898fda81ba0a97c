import { call } from '../../pallet.ts'
import { netUid } from '../../scale/chainTypes.ts'
import { bytes } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { requireOwnerOrRoot } from './ownerLimits.ts'
import { storage } from './storage.ts'

/**
 * Code points of the token symbols in the chain's order: the index is the netuid that has the symbol by default.
 * A pair is a range, both ends included.
 */
const codePoints: readonly (number | readonly [first: number, last: number])[] = [
  // Greek, root's capital tau first; a Latin t stands for the small one.
  ...[0x3a4, [0x3b1, 0x3c1], 0x3c3, 0x74, [0x3c5, 0x3c9]],
  // Hebrew, Arabic
  ...[[0x5d0, 0x5ea], 0x627, 0x628, [0x62a, 0x63a], [0x641, 0x648], 0x64a, 0x649],
  // Runic with one Cyrillic letter, Ogham
  ...[0x16a0, 0x16a2, 0x16a6, 0x16a8, 0x16b1, 0x16b3, 0x42b, 0x16c9, 0x16d2, [0x1680, 0x1685], 0x169b],
  // Georgian, Armenian, Cyrillic, Coptic, Brahmi
  ...[[0x10d0, 0x10d5], [0x531, 0x536], 0x55e, [0x400, 0x405], 0x44a, [0x2c80, 0x2c85], [0x11000, 0x11003], 0x11005],
  // Sinhala (its end), Glagolitic, Thai
  ...[0xdb1, [0xdb3, 0xdb7], [0x2c00, 0x2c20], [0xe01, 0xe23], 0xe25, [0xe27, 0xe2e]],
  // Hangul
  ...[0x3131, 0x3134, 0x3137, 0x3139, 0x3141, 0x3142, 0x3145, 0x3147, 0x3148, [0x314a, 0x314e], [0x314f, 0x3163]],
  // Ethiopic
  ...[[0x12a0, 0x12a7], [0x12c8, 0x12ce], [0x12b0, 0x12b6], [0x1310, 0x1312], 0x1218, [0x1314, 0x1316]],
  // Devanagari
  ...[[0x905, 0x90b], 0x90f, 0x910, 0x913, 0x914, [0x915, 0x928], [0x92a, 0x930], 0x932, [0x935, 0x939]],
  // Katakana
  ...[0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb],
  ...[0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8, [0x30ca, 0x30cf], 0x30d2, 0x30d5, 0x30d8, 0x30db],
  ...[[0x30de, 0x30e2], 0x30e4, 0x30e6, 0x30e8, [0x30e9, 0x30ed], 0x30ef, 0x30f2, 0x30f3],
  // Tifinagh, Sinhala
  ...[
    [0x2d30, 0x2d53],
    0xd85,
    0xd86,
    [0xd89, 0xd96],
    [0xd9a, 0xd9e],
    [0xda0, 0xda4],
    0xda7,
    0xda5,
    0xda6,
    0xda9,
    0xda8,
  ],
  ...[[0xdaa, 0xdb0]],
] as never

/** Token symbols by the netuid that has them by default; the first is root's. */
export const symbols: readonly string[] = codePoints.flatMap((entry) => {
  const [first, last] = typeof entry === 'number' ? [entry, entry] : entry
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i))
})

function usedSymbols(state: State): ReadonlySet<string> {
  return new Set([...state.entries(storage.TokenSymbol)].map(([, symbol]) => Buffer.from(symbol).toString()))
}

/** UTF-8 of the symbol that a new subnet gets: its own by netuid, else the first unused one, else root's. */
export function nextSymbol(state: State, netuid: number): Uint8Array {
  const used = usedSymbols(state)
  const own = symbols[netuid] ?? symbols[0]!
  const symbol = used.has(own) ? (symbols.slice(1).find((candidate) => !used.has(candidate)) ?? symbols[0]!) : own
  return Uint8Array.from(Buffer.from(symbol))
}

export const symbolCalls = {
  update_symbol: call(112, { netuid: netUid, symbol: bytes }, (context, { netuid, symbol }) => {
    requireOwnerOrRoot(context, netuid)
    const text = Buffer.from(symbol).toString()
    if (!symbols.slice(1).includes(text)) throw errors.SymbolDoesNotExist()
    if (usedSymbols(context.state).has(text)) throw errors.SymbolAlreadyInUse()
    context.state.set(storage.TokenSymbol, [netuid], symbol)
    context.emit(events.SymbolUpdated, { netuid, symbol })
  }),
}
