import { makeRng } from '../../../src/base/random.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import { decodeExtrinsic } from '../../../src/localnet/extrinsic.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { BlockEvent } from '../../../src/localnet/nodeOptions.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { PoolError } from '../../../src/localnet/pool.ts'
import type { EventRecord } from '../../../src/localnet/runtime.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import { startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import type { StorageItem } from '../../../src/localnet/storage.ts'
import { ValidityFailure } from '../../../src/localnet/validityError.ts'
import { breachesOf } from './chainInvariants.ts'
import { admin, subtensor } from './emissionWorld.ts'
import { MetadataDecoder } from './metadataDecoder.ts'
import { type Cast, randomCall, type Signing } from './randomCalls.ts'
import { accountOf, alice, signCall } from './signedCall.ts'

/** How often calls of a name, with pallet, ended in what way. */
export interface Tally {
  readonly succeeded: Map<string, number>
  readonly failed: Map<string, number>
  /** Refused by the pool. */
  refused: number
}

const tao = 1_000_000_000n
const perBlock = 14
/** Each as often as it stands here. */
const signings: readonly Signing[] = [...Array<Signing>(8).fill('coldkey'), 'hotkey', 'hotkey', 'sudo']
/** Blocks between two looks at the whole state, as far as decoding goes. */
const wholeEvery = 100
/** Blocks between two presents to somebody: fees, burns and registrations eat the money up. */
const allowanceEvery = 5

/**
 * Sends random calls, good and bad, to a chain in this process and checks every block.
 *
 * @param options.seed the same seed gives the same calls
 * @throws Error that names block, seed and breach
 */
export async function runRandomChain(options: { blocks: number; seed: string }): Promise<Tally> {
  const notes: string[] = []
  const startMs = 1_700_000_000_000
  const localnet = await startLocalnet({
    port: 0,
    interval: 'manual',
    keepBlocks: 16,
    nowMs: () => startMs,
    note: (line) => notes.push(line),
  })
  const { node } = localnet
  const check = new BlockCheck(node)
  try {
    const tally: Tally = { succeeded: new Map(), failed: new Map(), refused: 0 }
    const rng = makeRng(options.seed)
    const { cast, pairs } = await prepare(node)
    for (let i = 0; i < options.blocks; i++) {
      const sent: string[] = []
      if (i % allowanceEvery === 0) submit(node, alice, pay(rng.pick(cast.coldkeys), 300n * tao))
      for (let k = rng.int(1, perBlock); k > 0; k--) {
        const by = rng.pick(signings)
        const signer = by === 'sudo' ? accountOf(alice) : rng.pick(by === 'hotkey' ? cast.hotkeys : cast.coldkeys)
        const call = randomCall(rng, cast, by, signer, node.headState)
        if (submit(node, pairs.get(signer)!, call)) sent.push(nameOf(call))
        else tally.refused++
      }
      await node.mine()
      check.count(tally)
      const breaches = [...check.breaches(i % wholeEvery === 0 || i === options.blocks - 1), ...notes]
      if (breaches.length > 0) {
        const where = `block ${node.head.header.number}, seed ${options.seed}`
        throw new Error([where, ...breaches.slice(0, 10), ...sent].join('\n'))
      }
    }
    return tally
  } finally {
    await localnet.close()
  }
}

function nameOf({ pallet, name, args }: Call): string {
  const inner = args.call as Call | undefined
  return inner === undefined ? `${pallet}.${name}` : nameOf(inner)
}

/** @returns whether the pool took it */
function submit(node: LocalNode, pair: KeyPair, call: Call): boolean {
  try {
    node.submit(signCall(node, pair, call))
    return true
  } catch (error) {
    if (error instanceof ValidityFailure || error instanceof PoolError) return false
    throw error
  }
}

function pay(to: AccountId, rao: bigint): Call {
  return { pallet: 'Balances', name: 'transfer_keep_alive', args: { dest: { type: 'Id', 0: to }, value: rao } }
}

/** Money for everybody, root and two subnets started, limits out of the way. */
async function prepare(node: LocalNode): Promise<{ cast: Cast; pairs: Map<string, KeyPair> }> {
  const make = (prefix: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => pairFromUri(`//Random${prefix}${i}`)))
  const [coldkeys, hotkeys] = [await make('Cold', 6), await make('Hot', 20)]
  const [first, second] = coldkeys
  const fund = coldkeys.map((pair) => pay(accountOf(pair), 20_000n * tao))
  const steps: readonly (readonly [KeyPair, Call])[] = [
    [alice, { pallet: 'Utility', name: 'batch_all', args: { calls: fund } }],
    [alice, subtensor('start_call', { netuid: 0 })],
    [alice, admin('sudo_set_admin_freeze_window', { window: 0 })],
    [alice, admin('sudo_set_tx_rate_limit', { tx_rate_limit: 20n })],
    [alice, admin('sudo_set_tx_delegate_take_rate_limit', { tx_rate_limit: 3n })],
    [alice, admin('sudo_set_network_min_lock_cost', { lock_cost: 20n * tao })],
    [alice, admin('sudo_set_lock_reduction_interval', { interval: 10n })],
    [alice, admin('sudo_set_network_immunity_period', { immunity_period: 40n })],
    [alice, admin('sudo_set_subnet_limit', { max_subnets: 5 })],
    [first!, subtensor('register_network', { hotkey: accountOf(hotkeys[0]!) })],
    [first!, subtensor('start_call', { netuid: 2 })],
    [second!, subtensor('register_network', { hotkey: accountOf(hotkeys[1]!) })],
    [second!, subtensor('start_call', { netuid: 3 })],
  ]
  for (const [pair, call] of steps) {
    node.submit(signCall(node, pair, call))
    await node.mine()
  }
  for (const netuid of [2, 3]) {
    const open = admin('sudo_set_commit_reveal_weights_enabled', { netuid, enabled: false })
    node.submit(signCall(node, alice, open))
    node.submit(signCall(node, alice, admin('sudo_set_weights_set_rate_limit', { netuid, weights_set_rate_limit: 0n })))
    node.submit(signCall(node, alice, admin('sudo_set_serving_rate_limit', { netuid, serving_rate_limit: 0n })))
    await node.mine()
  }
  const pairs = new Map([alice, ...coldkeys, ...hotkeys].map((pair) => [accountOf(pair) as string, pair]))
  return { cast: { coldkeys: coldkeys.map(accountOf), hotkeys: hotkeys.map(accountOf) }, pairs }
}

/** Follows a chain from block to block. */
class BlockCheck {
  readonly #node: LocalNode
  readonly #decoder: MetadataDecoder
  readonly #changed = new Set<string>()
  #lostDust = 0n

  constructor(node: LocalNode) {
    this.#node = node
    this.#decoder = new MetadataDecoder(node.runtime)
    node.onBlock((event) => this.#follow(event))
  }

  #events(): EventRecord[] {
    const { storage } = this.#node.runtime.pallets.find(({ name }) => name === 'System')!
    return this.#node.headState.get(storage.Events as StorageItem<readonly [], EventRecord[]>)
  }

  #follow({ changedKeys }: BlockEvent): void {
    for (const key of changedKeys) this.#changed.add(key)
    for (const { event } of this.#events()) {
      if (event.pallet === 'Balances' && event.name === 'DustLost') this.#lostDust += event.fields.amount as bigint
    }
  }

  /** Adds what became of the block's extrinsics. */
  count({ succeeded, failed }: Tally): void {
    const calls = this.#node.head.extrinsics.map((bytes) => nameOf(this.#callOf(bytes)))
    let sudoFailed = false
    for (const { phase, event } of this.#events()) {
      if (phase.type !== 'ApplyExtrinsic') continue
      if (event.name === 'Sudid') sudoFailed = (event.fields.sudo_result as { type: string }).type === 'Err'
      if (event.name !== 'ExtrinsicSuccess' && event.name !== 'ExtrinsicFailed') continue
      const into = event.name === 'ExtrinsicSuccess' && !sudoFailed ? succeeded : failed
      const name = calls[phase[0]]!
      into.set(name, (into.get(name) ?? 0) + 1)
      sudoFailed = false
    }
  }

  #callOf(bytes: Uint8Array): Call {
    return decodeExtrinsic(this.#node.runtime, bytes).call
  }

  /** @param whole decode the whole state instead of what has changed since the last look */
  breaches(whole: boolean): string[] {
    const state = this.#node.headState
    const keys = whole ? state.keysRaw('0x').filter((key) => key !== codeKey) : [...this.#changed]
    this.#changed.clear()
    const faults = keys
      .map((key) => this.#decoder.faultOf(key, state.getRaw(key)))
      .filter((fault) => fault !== undefined)
    return [...faults, ...breachesOf(state, this.#lostDust)]
  }
}

/** The one well-known key, which belongs to no pallet. */
const codeKey = `0x${Buffer.from(':code').toString('hex')}`
