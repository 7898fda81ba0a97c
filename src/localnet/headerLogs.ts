import type { Header } from './blocks.ts'
import { encode, u64 } from './scale/types.ts'

type Logs = Header['digest']['logs']

const aura = Buffer.from('aura')

/** Whose turn it was. */
export function preRuntimeLog(slot: bigint): Logs[number] {
  return { type: 'PreRuntime', 0: aura, 1: encode(u64, slot) }
}

/** Where others sign. Nobody checks it: the only blocks there are come from this process. */
export const sealLog: Logs[number] = { type: 'Seal', 0: aura, 1: new Uint8Array(64) }
