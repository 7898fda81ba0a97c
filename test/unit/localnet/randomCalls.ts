import type { Rng } from '../../../src/base/random.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import type { AccountId } from '../../../src/localnet/scale/chainTypes.ts'
import type { State } from '../../../src/localnet/state.ts'
import { admin, subtensor, sudo } from './emissionWorld.ts'

/** Who and what the random calls are about. */
export interface Cast {
  readonly coldkeys: readonly AccountId[]
  readonly hotkeys: readonly AccountId[]
}

const tao = 1_000_000_000n
const u64 = (1n << 64n) - 1n
const edges = [0n, 1n, 499n, 500n, 1_999_999n, 2_000_000n, 2_001_008n, 10n ** 15n, u64]

/** Who signs: root's calls go through the sudo key. */
export type Signing = 'coldkey' | 'hotkey' | 'sudo'

/** A call that `signer` may send, with arguments that are mostly sound and sometimes not. */
export function randomCall(rng: Rng, { coldkeys, hotkeys }: Cast, by: Signing, signer: AccountId, state: State): Call {
  const amount = (): bigint => (rng.bool(0.1) ? rng.pick(edges) : BigInt(rng.int(1, 60_000)) * 5_000_000n)
  const price = (): bigint => (rng.bool(0.15) ? rng.pick(edges) : BigInt(rng.int(1, 3_000)) * 1_000_000n)
  const owned = [2, 3, 4, 5].filter((id) => state.get(storage.SubnetOwner, id) === signer)
  const netuid = (): number => {
    if (owned.length > 0 && rng.bool(0.4)) return rng.pick(owned)
    return rng.bool(0.04) ? rng.pick([7, 99, 65_535]) : rng.pick([0, 1, 2, 2, 2, 3, 3, 4])
  }
  // Its own and those that it stakes on, or any at all.
  const near = [...state.get(storage.OwnedHotkeys, signer), ...state.get(storage.StakingHotkeys, signer)]
  const hotkey = (): AccountId => (near.length > 0 && rng.bool(0.75) ? rng.pick(near) : rng.pick(hotkeys))
  /** A stake of the signer, where it has one. */
  const staked = () => {
    const stakes = near.flatMap((key) =>
      [0, 2, 3, 4, 5].map((id) => [key, id, stakeOf(state, key, signer, id)] as const),
    )
    const some = stakes.filter(([, , alpha]) => alpha > 0n)
    if (some.length === 0 || rng.bool(0.1)) return { hotkey: hotkey(), netuid: netuid(), alpha: amount() }
    const [key, id, alpha] = rng.pick(some)
    return { hotkey: key, netuid: id, alpha: rng.bool(0.1) ? amount() : (alpha * BigInt(rng.int(1, 11))) / 10n }
  }
  const coldkey = (): AccountId => rng.pick(coldkeys)
  const dest = () => ({ type: 'Id', 0: rng.bool(0.8) ? coldkey() : hotkey() })
  const text = (length: number): Uint8Array => new Uint8Array(length).fill(0x61)
  const route = () => {
    const { hotkey: from, netuid: id, alpha } = staked()
    return { from, ids: { origin_netuid: id, destination_netuid: netuid(), alpha_amount: alpha } }
  }
  const limit = () => ({ limit_price: price(), allow_partial: rng.bool() })
  const uids = (): number[] => rng.shuffle([0, 1, 2, 3, 4]).slice(0, rng.int(0, 5))
  const shares = (): [bigint, AccountId][] =>
    rng
      .shuffle(hotkeys)
      .slice(0, rng.int(0, rng.bool(0.1) ? 7 : 3))
      .map((child) => [rng.bool(0.1) ? u64 : u64 / BigInt(rng.int(3, 40)), child])
  const take = (): number => rng.int(0, rng.bool(0.2) ? 65_535 : 11_796)
  const ip = () => ({
    ip: BigInt(rng.pick([0, 0x08080808, 0x7f000001])),
    port: rng.int(0, 3),
    ip_type: rng.pick([4, 4, 6]),
  })
  const weights = () => {
    const dests = uids()
    return { dests, weights: dests.map(() => rng.int(0, 65_535)), version_key: 0n }
  }
  const identity = () => ({
    subnet_name: text(rng.pick([1, 256, 257])),
    ...Object.fromEntries(
      ['github_repo', 'subnet_contact', 'subnet_url', 'discord', 'description', 'logo_url', 'additional'].map(
        (name) => [name, text(3)],
      ),
    ),
  })

  const ofColdkey: Readonly<Record<string, () => Call>> = {
    transfer_keep_alive: () => ({
      pallet: 'Balances',
      name: 'transfer_keep_alive',
      args: { dest: dest(), value: amount() },
    }),
    transfer_allow_death: () => ({
      pallet: 'Balances',
      name: 'transfer_allow_death',
      args: { dest: dest(), value: amount() },
    }),
    transfer_all: () => ({
      pallet: 'Balances',
      name: 'transfer_all',
      args: { dest: dest(), keep_alive: rng.bool(0.9) },
    }),
    batch: () => ({
      pallet: 'Utility',
      name: rng.pick(['batch', 'batch_all', 'force_batch']),
      args: { calls: Array.from({ length: rng.int(0, 3) }, () => rng.pick(Object.values(staking))()) },
    }),
    owners_immunity: () => ({
      pallet: 'AdminUtils',
      name: 'sudo_set_immunity_period',
      args: { netuid: netuid(), immunity_period: rng.int(0, 20) },
    }),
    register_network: () => subtensor('register_network', { hotkey: hotkey() }),
    start_call: () => subtensor('start_call', { netuid: netuid() }),
    burned_register: () => subtensor('burned_register', { netuid: netuid(), hotkey: hotkey() }),
    register_limit: () => subtensor('register_limit', { netuid: netuid(), hotkey: hotkey(), limit_price: price() }),
    root_register: () => subtensor('root_register', { hotkey: hotkey() }),
    try_associate_hotkey: () => subtensor('try_associate_hotkey', { hotkey: hotkey() }),
    set_children: () => subtensor('set_children', { hotkey: hotkey(), netuid: netuid(), children: shares() }),
    set_childkey_take: () => subtensor('set_childkey_take', { hotkey: hotkey(), netuid: netuid(), take: take() }),
    increase_take: () => subtensor('increase_take', { hotkey: hotkey(), take: take() }),
    decrease_take: () => subtensor('decrease_take', { hotkey: hotkey(), take: take() }),
    auto_parent: () => subtensor('set_auto_parent_delegation_enabled', { hotkey: hotkey(), enabled: rng.bool() }),
    auto_stake: () => subtensor('set_coldkey_auto_stake_hotkey', { netuid: netuid(), hotkey: hotkey() }),
    swap_hotkey: () => {
      const args = { hotkey: hotkey(), new_hotkey: hotkey(), netuid: rng.bool(0.7) ? netuid() : undefined }
      return rng.bool()
        ? subtensor('swap_hotkey', args)
        : subtensor('swap_hotkey_v2', { ...args, keep_stake: rng.bool() })
    },
    set_subnet_identity: () => subtensor('set_subnet_identity', { netuid: netuid(), ...identity() }),
    update_symbol: () =>
      subtensor('update_symbol', { netuid: netuid(), symbol: Uint8Array.of(0xce, rng.int(0xb0, 0xbf)) }),
  }
  const staking: Readonly<Record<string, () => Call>> = {
    add_stake: () => subtensor('add_stake', { hotkey: hotkey(), netuid: netuid(), amount_staked: amount() }),
    add_stake_limit: () =>
      subtensor('add_stake_limit', { hotkey: hotkey(), netuid: netuid(), amount_staked: amount(), ...limit() }),
    remove_stake: () => {
      const { alpha, ...place } = staked()
      return subtensor('remove_stake', { ...place, amount_unstaked: alpha })
    },
    remove_stake_limit: () => {
      const { alpha, ...place } = staked()
      return subtensor('remove_stake_limit', { ...place, amount_unstaked: alpha, ...limit() })
    },
    remove_stake_full_limit: () => {
      const { alpha: _, ...place } = staked()
      return subtensor('remove_stake_full_limit', { ...place, limit_price: rng.bool() ? undefined : price() })
    },
    unstake_all: () => subtensor('unstake_all', { hotkey: staked().hotkey }),
    unstake_all_alpha: () => subtensor('unstake_all_alpha', { hotkey: staked().hotkey }),
    move_stake: () => {
      const { from, ids } = route()
      return subtensor('move_stake', { origin_hotkey: from, destination_hotkey: hotkey(), ...ids })
    },
    transfer_stake: () => {
      const { from, ids } = route()
      return subtensor('transfer_stake', { destination_coldkey: coldkey(), hotkey: from, ...ids })
    },
    swap_stake: () => {
      const { from, ids } = route()
      return subtensor('swap_stake', { hotkey: from, ...ids })
    },
    swap_stake_limit: () => {
      const { from, ids } = route()
      return subtensor('swap_stake_limit', { hotkey: from, ...ids, ...limit() })
    },
    recycle_alpha: () => {
      const { alpha, ...place } = staked()
      return subtensor('recycle_alpha', { ...place, amount: alpha / 10n })
    },
    burn_alpha: () => {
      const { alpha, ...place } = staked()
      return subtensor('burn_alpha', { ...place, amount: alpha / 10n })
    },
    add_stake_burn: () => {
      const args = { hotkey: hotkey(), netuid: netuid(), amount: amount() }
      return subtensor('add_stake_burn', { ...args, limit: rng.bool() ? undefined : price() })
    },
  }
  const ofHotkey: Readonly<Record<string, () => Call>> = {
    serve_axon: () =>
      subtensor('serve_axon', { netuid: netuid(), version: 1, ...ip(), protocol: 4, placeholder1: 0, placeholder2: 0 }),
    serve_prometheus: () => subtensor('serve_prometheus', { netuid: netuid(), version: 1, ...ip() }),
    set_weights: () => subtensor('set_weights', { netuid: netuid(), ...weights() }),
    set_mechanism_weights: () =>
      subtensor('set_mechanism_weights', { netuid: netuid(), mecid: rng.pick([0, 1]), ...weights() }),
    commit_weights: () => subtensor('commit_weights', { netuid: netuid(), commit_hash: hotkey() }),
  }
  // Not the childkey burn: by the chain's rule it is taken off the issue and paid out all the same.
  const ofSudo: Readonly<Record<string, () => Call>> = {
    dissolve: () => sudo(subtensor('root_dissolve_network', { netuid: rng.pick([3, 4, 9, 9]) })),
    commit_reveal: () => admin('sudo_set_commit_reveal_weights_enabled', { netuid: netuid(), enabled: rng.bool(0.2) }),
    mechanisms: () => admin('sudo_set_mechanism_count', { netuid: netuid(), mechanism_count: rng.int(0, 3) }),
    max_uids: () =>
      admin('sudo_set_max_allowed_uids', { netuid: netuid(), max_allowed_uids: rng.pick([8, 64, 128, 256]) }),
    min_uids: () => admin('sudo_set_min_allowed_uids', { netuid: netuid(), min_allowed_uids: rng.int(1, 4) }),
    trim: () => admin('sudo_trim_to_max_allowed_uids', { netuid: netuid(), max_n: rng.int(3, 10) }),
    immunity: () => admin('sudo_set_immunity_period', { netuid: netuid(), immunity_period: rng.int(0, 20) }),
    emission: () => admin('sudo_set_subnet_emission_enabled', { netuid: netuid(), enabled: rng.bool(0.8) }),
    toggle: () => admin('sudo_set_toggle_transfer', { netuid: netuid(), toggle: rng.bool(0.8) }),
    recycle: () =>
      admin('sudo_set_recycle_or_burn', { netuid: netuid(), recycle_or_burn: { type: rng.pick(['Burn', 'Recycle']) } }),
    nominators: () =>
      admin('sudo_set_nominator_min_required_stake', { min_stake: BigInt(rng.int(0, 5)) * 10_000_000n }),
    threshold: () => admin('sudo_set_stake_threshold', { min_stake: BigInt(rng.int(0, 3)) * tao }),
    cooldown: () => sudo(subtensor('set_pending_childkey_cooldown', { cooldown: BigInt(rng.int(0, 20)) })),
    tempo: () => admin('sudo_set_tempo', { netuid: netuid(), tempo: rng.int(2, 20) }),
  }
  if (by === 'sudo') return rng.pick(Object.values(ofSudo))()
  if (by === 'hotkey') return rng.pick(Object.values(ofHotkey))()
  // More is staked than unstaked, or soon nobody would have anything.
  if (rng.bool(0.2)) return rng.pick([staking.add_stake, staking.add_stake_limit])!()
  return rng.pick(Object.values(rng.bool(0.5) ? staking : ofColdkey))()
}
