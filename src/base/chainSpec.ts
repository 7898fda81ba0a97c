import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { packagePath } from './packagePath.ts'
import { parseJson } from './parse.ts'

const address = z.string().regex(/^5[1-9A-HJ-NP-Za-km-z]{47}$/, 'give an SS58 address that begins with 5')
const amount = z
  .string()
  .regex(/^\d{1,20}$/, 'give an amount in rao, as decimal digits in quotes')
  .transform(BigInt)
const hash = z.string().regex(/^0x[0-9a-f]{64}$/, 'give 0x and 64 lower-case hex digits') as z.ZodType<`0x${string}`>
const endpoints = z.array(z.string().regex(/^wss?:\/\//, 'give a ws:// or wss:// address')).min(1)

const network = {
  name: z.string(),
  /** Tried in this order. */
  endpoints,
  /** What `system_chain` answers, as far as it is known. */
  chain: z.string().optional(),
  /** Runtime that a client must find there. */
  specName: z.string(),
  ss58Format: z.number().int().min(0).max(16_383),
  tokenSymbol: z.string(),
  tokenDecimals: z.number().int().min(0).max(18),
}

const authority = z.object({
  name: z.string(),
  /** sr25519 key that authors blocks; fees go to this account. */
  aura: address,
  /** Ed25519 key of the finality gadget, as an address. */
  grandpa: address,
})

/** What a chain of ours begins with. */
const genesis = z.object({
  sudo: address,
  /** The first one authors the blocks of a chain with a single node. */
  authorities: z.array(authority).min(1),
  /** Owner of the root network; the real chain's slow build has none. */
  rootOwner: z.object({ coldkey: address, hotkey: address }),
  balances: z.array(z.object({ name: z.string(), address, rao: amount })),
})

const build = z.object({
  /** Milliseconds that one slot takes, and a block by default. */
  slotMs: z.number().int().min(1),
})

const embedded = z.object({
  ...network,
  kind: z.literal('embedded'),
  genesis,
  /** The real chain is built in two ways; their further constants are in the pallets. */
  builds: z.object({ fast: build, normal: build }),
})

const live = z.object({ ...network, kind: z.literal('live'), genesisHash: hash })

/** One network, as a file in `chain-spec/` describes it: one that we run, or one that we connect to. */
export const chainSpec = z.discriminatedUnion('kind', [embedded, live])
export type ChainSpec = z.output<typeof chainSpec>
export type EmbeddedChainSpec = z.output<typeof embedded>
export type LiveChainSpec = z.output<typeof live>

export const chainSpecNames = ['localnet', 'test', 'finney'] as const
export type ChainSpecName = (typeof chainSpecNames)[number]

/** Reads a network's file from the package. @throws InputError naming the field that is wrong */
export function readChainSpec(name: 'localnet'): EmbeddedChainSpec
export function readChainSpec(name: 'test' | 'finney'): LiveChainSpec
export function readChainSpec(name: ChainSpecName): ChainSpec
export function readChainSpec(name: ChainSpecName): ChainSpec {
  const file = packagePath('chain-spec', `${name}.json`)
  return parseJson(chainSpec, readFileSync(file, 'utf8'), `chain-spec/${name}.json`)
}
