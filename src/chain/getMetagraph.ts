import type { Codec } from '@polkadot/types/types'
import type { Coldkey, Hash, Hotkey, Rao } from '../base/units.ts'
import type { Chain } from './connect.ts'
import { noSubnet } from './needSubnet.ts'
import { type Read, readMany, readTogether } from './readMany.ts'
import { asBigint, asBigints, asBooleans, asBytes, asColdkey, asHotkey, asNumber, asNumbers, field } from './values.ts'

export interface AxonInfo {
  /** The address as the chain holds it: an unsigned 128-bit number, IPv4 in its low 32 bits. */
  readonly ip: bigint
  readonly ipType: 4 | 6
  readonly port: number
  /** As announced: SDK 10 puts its own version there (10002000 for 10.2.0), SDK 11 and Faculty 1. */
  readonly version: number
  /** Block at which it was announced. */
  readonly block: bigint
}

export interface Neuron {
  readonly uid: number
  readonly hotkey: Hotkey
  readonly coldkey: Coldkey
  readonly active: boolean
  readonly validatorPermit: boolean
  /** u16 fractions of 65535, as of the last epoch. */
  readonly incentive: number
  readonly dividends: number
  readonly consensus: number
  readonly validatorTrust: number
  /** Alpha of the last epoch. */
  readonly emission: Rao
  /** Alpha staked to the hotkey on this subnet, by all coldkeys. */
  readonly alphaStake: Rao
  /** TAO staked to the hotkey on root. */
  readonly rootStake: Rao
  /** Block of the last weights or commit. */
  readonly lastUpdate: bigint
  /** Undefined while the neuron serves nothing. */
  readonly axon: AxonInfo | undefined
  /** Certificate published with `serve_axon_tls`: the algorithm byte and the public key behind it. */
  readonly certificate: { readonly algorithm: number; readonly publicKey: Uint8Array } | undefined
}

export interface Metagraph {
  readonly netuid: number
  readonly block: number
  readonly blockHash: Hash
  readonly ownerHotkey: Hotkey
  readonly ownerColdkey: Coldkey
  readonly tempoBlocks: number
  /** Ordered by uid; `neurons[uid].uid === uid`. */
  readonly neurons: readonly Neuron[]
}

const pallet = 'SubtensorModule'

/** Hotkeys by uid as they were when a subnet was last read over a connection, by netuid. */
const lastHotkeys = new WeakMap<Chain, Map<number, readonly Hotkey[]>>()

/**
 * A subnet's neurons at a block (default: the best one), all of the same block. The first read of a subnet takes two
 * requests, each further one a single request, unless hotkeys have changed.
 *
 * @throws ChainError `not-found` where the subnet does not exist
 */
export async function getMetagraph(chain: Chain, options: { netuid: number; at?: Hash }): Promise<Metagraph> {
  const { netuid } = options
  const known = lastHotkeys.get(chain)?.get(netuid) ?? []
  const names = ['SubnetworkN', 'NetworksAdded', 'Tempo', 'SubnetOwner', 'SubnetOwnerHotkey', ...vectors]
  const head = [{ pallet: 'System', item: 'Number' }, ...names.map((item): Read => ({ pallet, item, keys: [netuid] }))]
  // A subnet holds at most 256 uids on one mechanism; its keys come along with the vectors, unused ones as defaults.
  const guessed = Array.from({ length: 256 }, (_, uid) => keyOf(netuid, uid))
  const reads = [...head, ...guessed, ...known.flatMap((hotkey) => ownReads(netuid, hotkey))]
  const { values, blockHash } = await readTogether(chain, reads, options.at)
  const at = blockHash as Hash
  const [number, n, added, tempo, owner, ownerHotkey] = values
  if (added === undefined || added.toString() !== 'true') throw noSubnet(netuid)
  const size = asNumber(n)
  const keys = values.slice(head.length, head.length + Math.min(size, 256))
  const further = Array.from({ length: size - keys.length }, (_, i) => keyOf(netuid, keys.length + i))
  if (further.length > 0) keys.push(...(await readMany(chain, further, at)))
  const hotkeys = keys.map(asHotkey)
  const vector = Object.fromEntries(vectors.map((name, i) => [name, values[6 + i]])) as Record<
    (typeof vectors)[number],
    Codec
  >
  const cameAlong = ownByHotkey(known, values.slice(head.length + guessed.length))
  const own = await ownOf(chain, netuid, hotkeys, at, cameAlong)
  remember(chain, netuid, hotkeys)
  const incentive = asNumbers(vector.Incentive)
  const dividends = asNumbers(vector.Dividends)
  const consensus = asNumbers(vector.Consensus)
  const trust = asNumbers(vector.ValidatorTrust)
  const emission = asBigints(vector.Emission)
  const lastUpdate = asBigints(vector.LastUpdate)
  const active = asBooleans(vector.Active)
  const permit = asBooleans(vector.ValidatorPermit)
  return {
    netuid,
    block: asNumber(number),
    blockHash: at,
    ownerColdkey: asColdkey(owner),
    ownerHotkey: asHotkey(ownerHotkey),
    tempoBlocks: asNumber(tempo),
    neurons: hotkeys.map((hotkey, uid) => {
      const [coldkey, axon, certificate, alpha, root] = own[uid]!
      return {
        uid,
        hotkey,
        coldkey: asColdkey(coldkey),
        active: active[uid] ?? false,
        validatorPermit: permit[uid] ?? false,
        incentive: incentive[uid] ?? 0,
        dividends: dividends[uid] ?? 0,
        consensus: consensus[uid] ?? 0,
        validatorTrust: trust[uid] ?? 0,
        emission: (emission[uid] ?? 0n) as Rao,
        alphaStake: asBigint(alpha) as Rao,
        rootStake: asBigint(root) as Rao,
        lastUpdate: lastUpdate[uid] ?? 0n,
        axon: axonOf(axon),
        certificate: certificateOf(certificate),
      }
    }),
  }
}

const vectors = [
  'Active',
  'ValidatorPermit',
  'Incentive',
  'Dividends',
  'Consensus',
  'ValidatorTrust',
  'Emission',
  'LastUpdate',
] as const

/** What is stored under a hotkey, in the order of `ownReads`. */
type Own = readonly (Codec | undefined)[]

/** The entries of each hotkey: those that came along already, and the others by one more request. */
async function ownOf(
  chain: Chain,
  netuid: number,
  hotkeys: readonly Hotkey[],
  at: Hash,
  read: ReadonlyMap<Hotkey, Own>,
): Promise<Own[]> {
  const missing = hotkeys.filter((hotkey) => !read.has(hotkey))
  const reads = missing.flatMap((hotkey) => ownReads(netuid, hotkey))
  const late = ownByHotkey(missing, missing.length === 0 ? [] : await readMany(chain, reads, at))
  return hotkeys.map((hotkey) => read.get(hotkey) ?? late.get(hotkey) ?? [])
}

function ownByHotkey(hotkeys: readonly Hotkey[], values: Own): Map<Hotkey, Own> {
  return new Map(hotkeys.map((hotkey, i) => [hotkey, values.slice(i * ownItems, (i + 1) * ownItems)]))
}

function remember(chain: Chain, netuid: number, hotkeys: readonly Hotkey[]): void {
  const subnets = lastHotkeys.get(chain) ?? new Map<number, readonly Hotkey[]>()
  subnets.set(netuid, hotkeys)
  lastHotkeys.set(chain, subnets)
}

const keyOf = (netuid: number, uid: number): Read => ({ pallet, item: 'Keys', keys: [netuid, uid] })

const ownItems = 5

const ownReads = (netuid: number, hotkey: Hotkey): Read[] => [
  { pallet, item: 'Owner', keys: [hotkey] },
  { pallet, item: 'Axons', keys: [netuid, hotkey] },
  { pallet, item: 'NeuronCertificates', keys: [netuid, hotkey] },
  { pallet, item: 'TotalHotkeyAlpha', keys: [hotkey, netuid] },
  { pallet, item: 'TotalHotkeyAlpha', keys: [hotkey, 0] },
]

function axonOf(value: Codec | undefined): AxonInfo | undefined {
  if (value === undefined) return undefined
  const port = asNumber(field(value, 'port'))
  const ip = asBigint(field(value, 'ip'))
  // Zero address or port: registered, but serving nothing.
  if (port === 0 || ip === 0n) return undefined
  const ipType = asNumber(field(value, 'ipType')) === 6 ? 6 : 4
  const version = asNumber(field(value, 'version'))
  return { ip, ipType, port, version, block: asBigint(field(value, 'block')) }
}

/** Of an entry of `NeuronCertificates`. */
export function certificateOf(value: Codec | undefined): Neuron['certificate'] {
  if (value === undefined) return undefined
  return { algorithm: asNumber(field(value, 'algorithm')), publicKey: asBytes(field(value, 'publicKey')) }
}
