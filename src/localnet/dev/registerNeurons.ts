import { setImmediate } from 'node:timers/promises'
import { InputError } from '../../base/errors.ts'
import { pairFromUri } from '../../keys/derive.ts'
import { devPhrase, miniSecretOf } from '../../keys/mnemonic.ts'
import type { LocalNode } from '../node.ts'
import { createHotkey } from '../pallets/subtensor/hotkeys.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { appendNeuron } from '../pallets/subtensor/uids.ts'
import type { AccountId } from '../scale/chainTypes.ts'
import { requireSubnet } from './requireSubnet.ts'
import { writeBalance } from './setBalance.ts'
import { writeStake } from './setStake.ts'

export interface NewNeurons {
  readonly netuid: number
  /** How many; their keys follow from their uids, see `Neuron`. */
  readonly count: number
  /** Alpha rao that each has staked on itself. Default none. */
  readonly stake?: bigint
  /** Free rao of each. Default none. */
  readonly balance?: bigint
}

/** A neuron that was made, hotkey and coldkey in one. */
export interface Neuron {
  readonly uid: number
  /** `//neuron//NETUID//UID`: secret URI of its sr25519 key, after the dev phrase. */
  readonly uri: string
  readonly account: AccountId
}

const mostUids = 65_535

/**
 * Registers neurons without burn, limits or pruning. Where the subnet is full its size grows, beyond what its owner may
 * set if it must.
 *
 * @throws InputError for a subnet that there is not, for more neurons than uids, or where a key has another uid already
 */
export async function registerNeurons(node: LocalNode, options: NewNeurons): Promise<Neuron[]> {
  const { netuid, count, stake = 0n, balance = 0n } = options
  requireSubnet(node.headState, netuid)
  const first = node.headState.get(storage.SubnetworkN, netuid)
  if (!Number.isInteger(count) || count < 1 || first + count > mostUids) {
    throw new InputError('count', count, `give 1 to ${mostUids - first}`)
  }
  const seed = Buffer.from(await miniSecretOf(devPhrase)).toString('hex')
  const neurons: Neuron[] = []
  for (let uid = first; uid < first + count; uid++) {
    const path = `//neuron//${netuid}//${uid}`
    // Blocks go on meanwhile.
    if (uid % 64 === 0) await setImmediate()
    const { publicKey } = await pairFromUri(`0x${seed}${path}`)
    neurons.push({ uid, uri: path, account: `0x${Buffer.from(publicKey).toString('hex')}` })
  }
  node.edit((context) => {
    const { state, block } = context
    // Blocks may have been made while the keys were derived.
    if (state.get(storage.SubnetworkN, netuid) !== first) {
      throw new InputError('netuid', netuid, 'somebody else registered meanwhile: try again')
    }
    const known = neurons.find(({ account }) => state.has(storage.Uids, netuid, account))
    if (known !== undefined) {
      const uid = state.get(storage.Uids, netuid, known.account)
      throw new InputError('netuid', netuid, `${known.uri} has uid ${uid} on it already: trim or deregister that one`)
    }
    const size = Math.max(state.get(storage.MaxAllowedUids, netuid), first + count)
    state.set(storage.MaxAllowedUids, [netuid], size)
    for (const { account } of neurons) {
      createHotkey(state, account, account)
      appendNeuron(state, netuid, account, block)
      if (balance > 0n) writeBalance(context, account, balance)
      if (stake > 0n) writeStake(context, { hotkey: account, coldkey: account, netuid, amount: stake })
    }
  })
  return neurons
}
