import { type EmbeddedChainSpec, readChainSpec } from '../base/chainSpec.ts'
import { InputError } from '../base/errors.ts'
import { ready as sr25519Ready } from '../keys/sr25519.ts'
import { decodeAddress } from '../keys/ss58.ts'
import { type BeaconOptions, makePulseSource } from './beacon/makePulseSource.ts'
import { pulseCalls } from './beacon/pulseCalls.ts'
import { type DevPowers, devPowers } from './dev/devPowers.ts'
import { firstStart } from './firstStart.ts'
import type { ForkOptions } from './fork/openFork.ts'
import { type Genesis, writeGenesis } from './genesis.ts'
import { type BlockInterval, parseInterval } from './interval.ts'
import { faces, localnetRuntime, nodeVersion, type Spec } from './localnetRuntime.ts'
import { LocalNode } from './node.ts'
import type { NodeOptions } from './nodeOptions.ts'
import { validateSubtensorCall } from './pallets/subtensor/validate.ts'
import type { Methods } from './rpc/method.ts'
import { allMethods } from './rpc/methods.ts'
import { type ServerLimits, startServer } from './rpc/server.ts'
import type { AccountId } from './scale/chainTypes.ts'
import type { KeyEncapsulation } from './shield/keyEncapsulation.ts'
import { makeShield } from './shield/shield.ts'
import type { State } from './state.ts'
import type { Build } from './storage.ts'

export interface LocalnetOptions {
  /** TCP port; 0 takes any free one. Default 9944. */
  readonly port?: number
  /** Default 127.0.0.1: nobody else can connect. */
  readonly host?: string
  /** `250ms` (default), `12s` or another time, `instant` or `manual`. */
  readonly interval?: string
  /** Constants of the fast or the slow build of the real chain. Default: slow with `12s`, else fast. */
  readonly build?: Build
  /** Release of the chain to look like: 430 (default), 424 for SDK 10.3 to 10.5, 393 for SDK 10.2. */
  readonly spec?: Spec
  /** Accounts with money in block 0, beside those of chain-spec/localnet.json. Amounts in rao. */
  readonly endow?: readonly { readonly address: string; readonly rao: bigint }[]
  /** Blocks behind the head whose state can be read. Default 100,000. */
  readonly keepBlocks?: number
  /** Where the pulses that open timelocked data come from. Default: a beacon of the localnet's own, always the same. */
  readonly beacon?: BeaconOptions
  /** Directory that the chain is kept in and goes on from. Default: in memory, gone with the process. */
  readonly dataDir?: string
  /** Start from the state of another chain, read when it is wanted. Not together with `dataDir`. */
  readonly fork?: ForkOptions
  /** Serve `localnet_*` although the host is not loopback. */
  readonly allowUnsafe?: boolean
  readonly limits?: Partial<ServerLimits>
  /** JSON-RPC methods beside those of the node. */
  readonly extraMethods?: readonly Methods[]
  /** ML-KEM-768, with which authors announce keys for shielded extrinsics and read them. Default: they announce none. */
  readonly shieldKem?: KeyEncapsulation
  /** Wall clock, in milliseconds. */
  readonly nowMs?: () => number
  /** Hears of failures that are ours. Default: standard error. */
  readonly note?: (line: string) => void
}

/** A running chain, with what only a dev chain can do: `localnet.mine(5)`, `localnet.snapshot()`, … */
export interface Localnet extends DevPowers {
  /** `ws://127.0.0.1:9944`; the same port answers HTTP POST. */
  readonly endpoint: string
  readonly port: number
  /** The chain itself, for use inside this process: `node.head`, `node.headState`, `node.onBlock(…)`. */
  readonly node: LocalNode
  /** Ends block production and all connections; the port is free when this resolves. */
  close(): Promise<void>
}

/**
 * Starts a chain of its own with its JSON-RPC server.
 *
 * @throws InputError for an unusable option; the system's error where the port is taken
 */
export async function startLocalnet(options: LocalnetOptions = {}): Promise<Localnet> {
  const { port = 9944, host = '127.0.0.1', keepBlocks = 100_000, nowMs = Date.now } = options
  const note = options.note ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const interval = intervalOf(options.interval ?? '250ms')
  const build = options.build ?? (interval.kind === 'every' && interval.ms === 12_000 ? 'normal' : 'fast')
  const face = faceOf(options.spec ?? 430)
  const spec = readChainSpec('localnet')
  await sr25519Ready()
  const pulses = makePulseSource(options.beacon ?? {}, { build, nowMs, note })
  const runtime = localnetRuntime(build, face)
  const genesis = (state: State): void =>
    writeGenesis(state, { ...genesisOf(spec, build, options.endow ?? []), beacon: pulses.configuration })
  const opened = await openPlace(options, { runtime, genesis, keepBlocks }, note)
  const node = new LocalNode({
    runtime,
    genesis,
    ...opened?.place,
    authorities: spec.genesis.authorities.map(({ aura }) => accountOf(aura)),
    slotMs: spec.builds[build].slotMs,
    poolChecks: validateSubtensorCall,
    inherents: (next) => pulseCalls(pulses, next),
    identity: {
      name: 'Faculty localnet',
      version: nodeVersion(faces[face]),
      chain: spec.chain ?? spec.name,
      properties: { ss58Format: spec.ss58Format, tokenDecimals: spec.tokenDecimals, tokenSymbol: spec.tokenSymbol },
    },
    keepBlocks,
    nowMs,
    note,
    shield: options.shieldKem === undefined ? undefined : makeShield(options.shieldKem),
  })
  const server = await startServer({
    node,
    methods: allMethods(options.extraMethods),
    host,
    port,
    note,
    ...(options.allowUnsafe === undefined ? {} : { allowUnsafe: options.allowUnsafe }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  }).catch((error: unknown) => {
    opened?.close()
    throw error
  })
  pulses.start()
  node.setInterval(interval)
  return {
    endpoint: `ws://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
    port: server.port,
    node,
    ...devPowers(node, server.connections),
    close: async () => {
      pulses.stop()
      node.stop()
      await server.close()
      opened?.close()
    },
  }
}

/** Where the chain goes on that is neither new nor in memory alone. */
interface Place {
  readonly place: Pick<NodeOptions, 'start' | 'disk'>
  close(): void
}

/** The native module of both is loaded here and not before. */
async function openPlace(
  { dataDir, fork }: LocalnetOptions,
  { runtime, genesis, keepBlocks }: Pick<NodeOptions, 'runtime' | 'genesis' | 'keepBlocks'>,
  note: (line: string) => void,
): Promise<Place | undefined> {
  if (fork !== undefined) {
    if (dataDir !== undefined)
      throw new InputError('data-dir', dataDir, 'a fork is in memory: leave one of the two out')
    const { openFork } = await import('./fork/openFork.ts')
    const { start, specVersion, close } = openFork(runtime, fork)
    const own = runtime.version.specVersion
    if (specVersion !== own)
      note(`fork: its chain is spec ${specVersion}, read as spec ${own}: what differs reads wrong`)
    return { place: { start }, close }
  }
  if (dataDir === undefined) return undefined
  const { openChainDisk } = await import('./disk/openChainDisk.ts')
  const first = firstStart({ runtime, genesis })
  const identity = { genesis: first.genesis.hash, specVersion: runtime.version.specVersion, build: runtime.build }
  const place = openChainDisk(dataDir, identity, first, { keepBlocks })
  return { place, close: () => place.disk.close() }
}

function intervalOf(text: string): BlockInterval {
  const interval = parseInterval(text)
  if (interval !== undefined) return interval
  throw new InputError('interval', text, 'give a time such as 250ms or 12s, instant or manual')
}

/** Types do not hold for those who call from JavaScript. */
function faceOf(spec: number): Spec {
  if (spec === 393 || spec === 424 || spec === 430) return spec
  throw new InputError('spec', spec, `give one of ${Object.keys(faces).join(', ')}`)
}

function genesisOf(spec: EmbeddedChainSpec, build: Build, endow: NonNullable<LocalnetOptions['endow']>): Genesis {
  const { sudo, rootOwner, balances, authorities } = spec.genesis
  const owner = { coldkey: accountOf(rootOwner.coldkey), hotkey: accountOf(rootOwner.hotkey) }
  return {
    sudo: accountOf(sudo),
    rootOwner: build === 'fast' ? owner : undefined,
    authorities: authorities.map((keys) => ({ aura: accountOf(keys.aura), grandpa: accountOf(keys.grandpa) })),
    balances: [...balances, ...endow].map(({ address, rao }) => ({ account: accountOf(address), rao })),
  }
}

function accountOf(address: string): AccountId {
  return `0x${Buffer.from(decodeAddress(address).publicKey).toString('hex')}`
}
