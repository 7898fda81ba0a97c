import { parseTokens } from '../../base/units.ts'
import { addStake } from '../../chain/addStake.ts'
import { burnedRegister } from '../../chain/burnedRegister.ts'
import { batchCalls, composeCall, sudoCall } from '../../chain/calls.ts'
import type { Chain } from '../../chain/connect.ts'
import { registerNetwork } from '../../chain/registerNetwork.ts'
import { startCall } from '../../chain/startCall.ts'
import { submit } from '../../chain/submit.ts'
import type { Signer } from '../../keys/signer.ts'
import { type Member, ownerName } from './cast.ts'

/** A member with its keys. */
export interface Player extends Member {
  readonly hotkey: string
  readonly coldkeySigner: Signer
}

export interface SubnetOptions {
  readonly sudo: Signer
  readonly players: readonly Player[]
  readonly tempoBlocks: number
}

/** What Sudo sets before a local run, in this order; the banner lists it. */
export function localSettings(netuid: number, tempoBlocks: number): readonly LocalSetting[] {
  return [
    { call: 'sudo_set_admin_freeze_window', args: [0], shown: 'admin freeze window 0' },
    { call: 'sudo_set_weights_set_rate_limit', args: [netuid, 0], shown: 'weights rate limit 0' },
    { call: 'sudo_set_tempo', args: [netuid, tempoBlocks], shown: `tempo ${tempoBlocks}` },
    { call: 'sudo_set_subnet_emission_enabled', args: [netuid, true], shown: 'emission enabled' },
    { call: 'sudo_set_commit_reveal_weights_enabled', args: [netuid, true], shown: 'hashed commit-reveal' },
  ]
}

interface LocalSetting {
  readonly call: string
  readonly args: readonly unknown[]
  readonly shown: string
}

/** Enough for the lock cost of a first subnet and for stakes. */
const funds = { owner: '10000', validator: '5000', miner: '100' } as const

/**
 * Makes a running subnet of an empty chain: money for everybody, the subnet, its settings, start, registrations, stakes.
 * Each member registers from its own coldkey, since the incentive of a hotkey of the owner's coldkey is burned.
 *
 * @returns the netuid, and the uid of each member by name
 * @see facts: emission.md, 7.3
 */
export async function setUpSubnet(
  chain: Chain,
  { sudo, players, tempoBlocks }: SubnetOptions,
): Promise<{ netuid: number; uids: ReadonlyMap<string, number> }> {
  const gifts = players.map(({ role, coldkeySigner }) =>
    composeCall(chain, 'Balances', 'transfer_keep_alive', [coldkeySigner.address, parseTokens(funds[role])]),
  )
  await submit(chain, batchCalls(chain, gifts), { signer: sudo })

  const owner = players.find(({ name }) => name === ownerName)!
  const { netuid } = await registerNetwork(chain, { signer: owner.coldkeySigner, hotkey: owner.hotkey })
  const settings = localSettings(netuid, tempoBlocks).map(({ call, args }) =>
    composeCall(chain, 'AdminUtils', call, args),
  )
  const others = players.filter((player) => player !== owner)
  const [, , ...registered] = await Promise.all([
    submit(chain, sudoCall(chain, batchCalls(chain, settings)), { signer: sudo }),
    startCall(chain, { signer: owner.coldkeySigner, netuid }),
    ...others.map(({ coldkeySigner, hotkey }) => burnedRegister(chain, { signer: coldkeySigner, hotkey, netuid })),
  ])
  // One after the other, since each purchase of alpha makes the next one dearer.
  for (const { coldkeySigner, hotkey, stakeTao } of others.filter(({ stakeTao }) => stakeTao > 0)) {
    await addStake(chain, { signer: coldkeySigner, hotkey, netuid, amount: parseTokens(String(stakeTao)) })
  }
  return {
    netuid,
    uids: new Map([[ownerName, 0], ...others.map(({ name }, i) => [name, registered[i]!.uid] as const)]),
  }
}
