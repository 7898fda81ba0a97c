import { type EmbeddedChainSpec, readChainSpec } from '../base/chainSpec.ts'
import { InputError } from '../base/errors.ts'
import { ready as sr25519Ready } from '../keys/sr25519.ts'
import { decodeAddress } from '../keys/ss58.ts'
import { type BeaconOptions, makePulseSource } from './beacon/makePulseSource.ts'
import { pulseCalls } from './beacon/pulseCalls.ts'
import { type Genesis, writeGenesis } from './genesis.ts'
import { type BlockInterval, parseInterval } from './interval.ts'
import { faces, localnetRuntime, nodeVersion, type Spec } from './localnetRuntime.ts'
import { LocalNode } from './node.ts'
import { validateSubtensorCall } from './pallets/subtensor/validate.ts'
import type { Methods } from './rpc/method.ts'
import { allMethods } from './rpc/methods.ts'
import { type ServerLimits, startServer } from './rpc/server.ts'
import type { AccountId } from './scale/chainTypes.ts'
import type { KeyEncapsulation } from './shield/keyEncapsulation.ts'
import { makeShield } from './shield/shield.ts'
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
  /** Serve `localnet_*` although the host is not loopback. */
  readonly allowUnsafe?: boolean
  readonly limits?: Partial<ServerLimits>
  /** JSON-RPC methods beside those of the node. */
  readonly extraMethods?: readonly Methods[]
  /** ML-KEM-768, with which authors announce keys for shielded extrinsics and read them. Without it they do not. */
  readonly shieldKem?: KeyEncapsulation
  /** Wall clock, in milliseconds. */
  readonly nowMs?: () => number
  /** Hears of failures that are ours. Default: standard error. */
  readonly note?: (line: string) => void
}

export interface Localnet {
  /** `ws://127.0.0.1:9944`; the same port answers HTTP POST. */
  readonly endpoint: string
  readonly port: number
  /** The chain itself, for use inside this process: `node.mine(5)`, `node.head`, `node.onBlock(…)`. */
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
  const node = new LocalNode({
    runtime: localnetRuntime(build, face),
    genesis: (state) =>
      writeGenesis(state, { ...genesisOf(spec, build, options.endow ?? []), beacon: pulses.configuration }),
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
  })
  pulses.start()
  node.setInterval(interval)
  return {
    endpoint: `ws://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
    port: server.port,
    node,
    close: async () => {
      pulses.stop()
      node.stop()
      await server.close()
    },
  }
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
