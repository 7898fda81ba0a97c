import { z } from 'zod'
import { parseJson } from '../base/parse.ts'
import { fromHex, toHex } from '../keys/hex.ts'
import type { Miner } from './miners.ts'
import type { Notes } from './notes.ts'

const reachable = z.object({
  host: z.string(),
  port: z.number(),
  publicKey: z.string().transform((text) => fromHex(text)),
})
const target = z.union([reachable, z.object({ problem: z.string() })])
const schema = z.object({
  block: z.number(),
  miners: z.array(z.object({ uid: z.number(), hotkey: z.string(), target })),
  domains: z.array(z.string()),
  shares: z.record(z.string(), z.number()),
  power: z.number().default(1),
})

/** What scores depend on beside the answers. */
export interface Seen {
  /** At which it was seen; not told of later blocks that change nothing. */
  readonly block: number
  readonly miners: readonly Miner[]
  /** Those that are asked about, and what the subnet pays for each. */
  readonly domains: readonly string[]
  readonly shares: Readonly<Record<string, number>>
  /** Of scores in rewards; default 1. */
  readonly power?: number
}

export interface LastSeen {
  /** Writes it down where it differs from before. */
  write(seen: Seen): void
  /** @returns undefined in a database without it */
  read(): Seen | undefined
}

export function openLastSeen(notes: Notes): LastSeen {
  let written: string | undefined
  return {
    write({ block, miners, domains, shares, power = 1 }) {
      const rest = { miners: miners.map(plain), domains, shares, power }
      const text = JSON.stringify(rest)
      if (text === written) return
      notes.set('seen', JSON.stringify({ block, ...rest }))
      written = text
    },
    read() {
      const text = notes.get('seen')
      if (text === undefined) return undefined
      const { miners, ...rest } = parseJson(schema, text, 'what the validator last saw')
      return {
        ...rest,
        miners: miners.map(({ uid, hotkey, target: found }) => {
          return { uid, hotkey, target: 'problem' in found ? found : { ...found, hotkey } }
        }),
      }
    },
  }
}

function plain({ uid, hotkey, target: found }: Miner) {
  if ('problem' in found) return { uid, hotkey, target: found }
  const { host, port, publicKey } = found
  return { uid, hotkey, target: { host, port, publicKey: toHex(publicKey) } }
}
