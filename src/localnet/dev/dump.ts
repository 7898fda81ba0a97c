import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { parseInput } from '../../base/parse.ts'
import { type Block, pack, unpack } from '../blocks.ts'
import type { LocalNode } from '../node.ts'

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/, 'give 0x and lower-case hex of whole bytes')

/** A chain at one block, whole, as JSON. */
export const dumpSchema = z.object({
  format: z.literal('faculty-localnet-dump', 'not a dump of a localnet: make one with faculty localnet dump'),
  version: z.literal(1, 'a dump of another release: make it anew'),
  specVersion: z.number().int(),
  build: z.enum(['fast', 'normal']),
  /** Block 0 and the newest block: hash, SCALE header, SCALE list of extrinsics. */
  genesis: hex,
  head: hex,
  /** Time of the head, in milliseconds since 1970. */
  timestampMs: z.number().int().min(0),
  /** Every key of the state with its value. */
  state: z.record(hex, hex),
})

export type Dump = z.output<typeof dumpSchema>

const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const bytesOf = (text: string): Uint8Array => Buffer.from(text.slice(2), 'hex')
const packed = (block: Block): string => hexOf(pack(block))

/** The chain as it is now. Blocks before the newest one and the pool are not in it. */
export function dumpState(node: LocalNode): Dump {
  const { genesis, head, timestampMs, state } = node.chainStart()
  return {
    format: 'faculty-localnet-dump',
    version: 1,
    specVersion: node.runtime.version.specVersion,
    build: node.runtime.build,
    genesis: packed(genesis),
    head: packed(head),
    timestampMs,
    state: Object.fromEntries(Array.from(state, ([key, value]) => [key, hexOf(value!)])),
  }
}

/**
 * Makes this chain the dumped one: genesis, block number, time and state. Blocks between are not there; snapshots are
 * gone.
 *
 * @throws InputError for what is no dump, or one of another release or build
 */
export function loadState(node: LocalNode, given: unknown): void {
  const dump = parseInput(dumpSchema, given, 'dump')
  const { specVersion } = node.runtime.version
  if (dump.specVersion !== specVersion) {
    throw new InputError(
      'dump.specVersion',
      dump.specVersion,
      `this localnet is a ${specVersion}: use one of the dump's`,
    )
  }
  if (dump.build !== node.runtime.build) {
    throw new InputError('dump.build', dump.build, `start the localnet with --build ${dump.build}`)
  }
  node.replaceChain({
    genesis: unpack(bytesOf(dump.genesis)),
    head: unpack(bytesOf(dump.head)),
    timestampMs: dump.timestampMs,
    state: new Map(Object.entries(dump.state).map(([key, value]) => [key, bytesOf(value)])),
  })
}
