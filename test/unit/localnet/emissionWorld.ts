import { pairFromUri } from '../../../src/keys/derive.ts'
import type { KeyPair } from '../../../src/keys/keyPair.ts'
import type { LocalNode } from '../../../src/localnet/node.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { accountOf, alice, signCall } from './signedCall.ts'

/** A subnet with an owner, two validators and four miners, on a chain with manual blocks. */
export interface EmissionWorld {
  readonly node: LocalNode
  readonly netuid: number
  /** Hotkeys by uid; the owner's first. */
  readonly hotkeys: readonly KeyPair[]
  readonly validators: readonly KeyPair[]
  readonly coldkeys: readonly KeyPair[]
}

export const netuid = 2
const tao = 1_000_000_000n
const names = ['Val0', 'Val1', 'Min0', 'Min1', 'Min2', 'Min3']

export const subtensor = (name: string, args: Call['args']): Call => ({ pallet: 'SubtensorModule', name, args })

/** Sends calls of one signer and puts them into one block. @throws Error where one of them fails */
export async function send(node: LocalNode, pair: KeyPair, ...calls: readonly Call[]): Promise<void> {
  for (const call of calls) node.submit(signCall(node, pair, call))
  await node.mine()
  const records = node.headState.get(eventsItem(node)) as readonly { event: { name: string; fields: object } }[]
  for (const { event } of records) {
    const { name, fields } = event
    const outcome = 'sudo_result' in fields ? (fields.sudo_result as { type: string }).type : 'Ok'
    if (name === 'ExtrinsicFailed' || outcome === 'Err') throw new Error(`${name}: ${JSON.stringify(fields, plain)}`)
  }
}

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

function eventsItem(node: LocalNode) {
  return node.runtime.pallets.find(({ name }) => name === 'System')!.storage.Events!
}

export const sudo = (call: Call): Call => ({ pallet: 'Sudo', name: 'sudo', args: { call } })
export const admin = (name: string, args: Call['args']): Call => sudo({ pallet: 'AdminUtils', name, args })

export async function emissionWorld(node: LocalNode, options: { tempo: number }): Promise<EmissionWorld> {
  const pairs = (prefix: string) => Promise.all(names.map((name) => pairFromUri(`//${prefix}${name}`)))
  const owner = await pairFromUri('//OwnerHot')
  const [hotkeys, coldkeys] = [await pairs('Hot'), await pairs('Cold')]
  const dest = (pair: KeyPair) => ({ type: 'Id', 0: accountOf(pair) })
  const fund = coldkeys.map((pair): Call => {
    return { pallet: 'Balances', name: 'transfer_keep_alive', args: { dest: dest(pair), value: 5000n * tao } }
  })
  await send(
    node,
    alice,
    subtensor('register_network', { hotkey: accountOf(owner) }),
    subtensor('start_call', { netuid }),
    subtensor('start_call', { netuid: 0 }),
    admin('sudo_set_admin_freeze_window', { window: 0 }),
    admin('sudo_set_weights_set_rate_limit', { netuid, weights_set_rate_limit: 0n }),
    admin('sudo_set_tempo', { netuid, tempo: options.tempo }),
    admin('sudo_set_subnet_emission_enabled', { netuid, enabled: true }),
    admin('sudo_set_commit_reveal_weights_enabled', { netuid, enabled: false }),
    { pallet: 'Utility', name: 'batch_all', args: { calls: fund } },
  )
  for (const [i, coldkey] of coldkeys.entries()) {
    await send(node, coldkey, subtensor('burned_register', { netuid, hotkey: accountOf(hotkeys[i]!) }))
  }
  const validators = hotkeys.slice(0, 2)
  for (const [i, hotkey] of validators.entries()) {
    const stake = (on: number, amount: bigint) =>
      subtensor('add_stake', { hotkey: accountOf(hotkey), netuid: on, amount_staked: amount })
    await send(node, coldkeys[i]!, stake(netuid, BigInt(100 + 50 * i) * tao), stake(0, 300n * tao))
  }
  // A nominator of the first validator.
  await send(
    node,
    coldkeys[5]!,
    subtensor('add_stake', { hotkey: accountOf(hotkeys[0]!), netuid, amount_staked: 70n * tao }),
  )
  return { node, netuid, hotkeys: [owner, ...hotkeys], validators, coldkeys }
}

/** Alpha of every hotkey's pool on the subnet, in rao. */
export function stakedAlpha(node: LocalNode, block: number): bigint {
  let sum = 0n
  for (const [[, on], amount] of node.stateAt(block).entries(storage.TotalHotkeyAlpha)) {
    if (on === netuid) sum += amount
  }
  return sum
}
