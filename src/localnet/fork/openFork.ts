import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { parseJson } from '../../base/parse.ts'
import { type Block, type Header, hashHeader, pack, unpack } from '../blocks.ts'
import type { ChainStart } from '../chainData.ts'
import { storage as timestamp } from '../pallets/timestamp.ts'
import type { Runtime } from '../runtime.ts'
import type { Hex32 } from '../scale/chainTypes.ts'
import { digestItem } from '../scale/frameTypes.ts'
import { decode } from '../scale/types.ts'
import { State } from '../state.ts'
import { type ForkCache, openForkCache } from './forkCache.ts'
import { ForkError } from './forkError.ts'
import { plainKeys, remoteState } from './remoteState.ts'
import { type SyncRpc, syncRpc } from './syncRpc.ts'

export interface ForkOptions {
  /** `ws://…` or `wss://…` of a node of the chain. */
  readonly endpoint: string
  /** Hash of the block to start from. Default: the newest finalised one. */
  readonly at?: string
  /** Directory of what was read before. Default: `~/.cache/faculty/forks`. */
  readonly cache?: string
}

export interface Fork {
  readonly start: ChainStart
  /** Spec number of the chain at that block. */
  readonly specVersion: number
  close(): void
}

const noteSchema = z.object({ genesis: z.string(), head: z.string(), specName: z.string(), specVersion: z.number() })
type Note = z.output<typeof noteSchema>

/**
 * Begins a chain where another one is: genesis, block number and time are that block's; state is read from the source
 * when it is wanted, and from the cache from then on. With `at` and everything cached the source is not needed.
 *
 * @throws InputError for an unusable endpoint, hash or directory; ForkError where the source is silent or unfit
 */
export function openFork(runtime: Runtime, options: ForkOptions): Fork {
  const { endpoint, at } = options
  if (!/^wss?:\/\/\S+$/.test(endpoint)) throw new InputError('fork', endpoint, 'give a ws:// or wss:// address')
  if (at !== undefined && !/^0x[0-9a-f]{64}$/.test(at))
    throw new InputError('at', at, 'give a block hash, 0x and 64 hex digits')
  const rpc = syncRpc(endpoint)
  let cache: ForkCache | undefined
  try {
    const hash = at ?? (rpc.call('chain_getFinalizedHead', []) as string)
    cache = openForkCache(options.cache ?? join(homedir(), '.cache', 'faculty', 'forks'), hash)
    const note = noteOf(rpc, cache, hash)
    if (note.specName !== runtime.version.specName) {
      throw unfit(endpoint, `its chain is ${note.specName}, not ${runtime.version.specName}`)
    }
    const under = remoteState(rpc, cache, runtime, hash)
    warmUp(rpc, cache, runtime, hash)
    const timestampMs = Number(new State(under, runtime.build, runtime.face).get(timestamp.Now))
    const opened = cache
    return {
      start: { genesis: blockOf(note.genesis), head: blockOf(note.head), timestampMs, state: new Map(), under },
      specVersion: note.specVersion,
      close: () => {
        rpc.close()
        opened.close()
      },
    }
  } catch (error) {
    rpc.close()
    cache?.close()
    throw error
  }
}

/** What the source says of the block itself, as it is cached. */
function noteOf(rpc: SyncRpc, cache: ForkCache, hash: string): Note {
  const cached = cache.note()
  if (cached !== undefined) return parseJson(noteSchema, cached, 'fork-cache')
  const head = textOf(readBlock(rpc, hash))
  const genesisHash = rpc.call('chain_getBlockHash', [0]) as string
  const version = rpc.call('state_getRuntimeVersion', [hash]) as { specName: string; specVersion: number }
  const note: Note = {
    genesis: textOf(readBlock(rpc, genesisHash)),
    head,
    specName: version.specName,
    specVersion: version.specVersion,
  }
  cache.setNote(JSON.stringify(note))
  return note
}

function warmUp(rpc: SyncRpc, cache: ForkCache, runtime: Runtime, hash: string): void {
  const wanted = plainKeys(runtime).filter((key) => cache.get(key) === undefined)
  if (wanted.length === 0) return
  const [set] = rpc.call('state_queryStorageAt', [wanted, hash]) as [{ changes: [string, string | null][] }]
  cache.put(
    set.changes.map(([key, value]) => [key, value === null ? null : Buffer.from(value.slice(2), 'hex')] as const),
  )
}

interface BlockJson {
  readonly block: {
    readonly header: {
      readonly parentHash: Hex32
      readonly number: string
      readonly stateRoot: Hex32
      readonly extrinsicsRoot: Hex32
      readonly digest: { readonly logs: readonly string[] }
    }
    readonly extrinsics: readonly string[]
  }
}

function readBlock(rpc: SyncRpc, hash: string): Block {
  const answer = rpc.call('chain_getBlock', [hash]) as BlockJson | null
  if (answer === null) throw new InputError('at', hash, `no such block at ${rpc.endpoint}`)
  const { header: json, extrinsics } = answer.block
  const header: Header = {
    parent_hash: json.parentHash,
    number: Number(json.number),
    state_root: json.stateRoot,
    extrinsics_root: json.extrinsicsRoot,
    digest: { logs: json.digest.logs.map((log) => decode(digestItem, bytesOf(log))) },
  }
  if (hashHeader(header) !== hash) throw unfit(rpc.endpoint, `the header that it gives for ${hash} is not that block's`)
  return { hash: hash as Hex32, header, extrinsics: extrinsics.map(bytesOf) }
}

function unfit(endpoint: string, reason: string): ForkError {
  const mend = "give a node of a chain with the localnet's storage layout"
  return new ForkError(`${endpoint} cannot be forked: ${reason}`, { code: 'fork-unfit', endpoint }, { mend })
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
const textOf = (block: Block): string => `0x${Buffer.from(pack(block)).toString('hex')}`
const blockOf = (text: string): Block => unpack(bytesOf(text))
