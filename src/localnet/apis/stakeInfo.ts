import { netuids, subnetExists } from '../pallets/subtensor/mechanisms.ts'
import { stakeOf, stakeOfColdkey } from '../pallets/subtensor/stakePool.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { swapFee } from '../pallets/swap.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { type AccountId, accountId, alphaBalance, netUid, taoBalance } from '../scale/chainTypes.ts'
import { bTreeMap } from '../scale/collections.ts'
import { bool, compact, option, struct, tuple, u64, type ValueOf, vec } from '../scale/types.ts'
import type { State } from '../state.ts'

const root = 0

const stakeInfo = struct('pallet_subtensor::rpc_info::stake_info::StakeInfo', {
  hotkey: accountId,
  coldkey: accountId,
  netuid: compact(netUid),
  stake: compact(alphaBalance),
  locked: compact(u64),
  emission: compact(alphaBalance),
  tao_emission: compact(taoBalance),
  drain: compact(u64),
  is_registered: bool,
})

const stakeAvailability = struct('pallet_subtensor::rpc_info::stake_info::StakeAvailability', {
  total: compact(alphaBalance),
  locked: compact(alphaBalance),
  available: compact(alphaBalance),
})

type StakeInfo = ValueOf<typeof stakeInfo>

interface Position {
  readonly hotkey: AccountId
  readonly coldkey: AccountId
  readonly netuid: number
}

/** One position. Locks, TAO dividends and drains are fields that the chain no longer fills. */
function infoOf(state: State, { hotkey, coldkey, netuid }: Position): StakeInfo {
  return {
    hotkey,
    coldkey,
    netuid,
    stake: stakeOf(state, hotkey, coldkey, netuid),
    locked: 0n,
    emission: state.get(storage.AlphaDividendsPerSubnet, netuid, hotkey),
    tao_emission: 0n,
    drain: 0n,
    is_registered: state.has(storage.Uids, netuid, hotkey),
  }
}

/** Every stake of a coldkey that is not zero, subnet by subnet in storage order, hotkeys in order of first use. */
function positionsOf(state: State, coldkey: AccountId): StakeInfo[] {
  const hotkeys = state.get(storage.StakingHotkeys, coldkey)
  return netuids(state)
    .flatMap((netuid) => hotkeys.map((hotkey) => infoOf(state, { hotkey, coldkey, netuid })))
    .filter(({ stake }) => stake > 0n)
}

/** The subnets to look at, ascending, each once; none where the request names no subnet or more than there are. */
function requestedNetuids(state: State, requested: readonly number[] | undefined): number[] {
  const existing = netuids(state)
  const wanted = [...new Set(requested ?? existing)].sort((a, b) => a - b)
  return wanted.length > existing.length ? [] : wanted.filter((netuid) => subnetExists(state, netuid))
}

type Availability = [number, ValueOf<typeof stakeAvailability>][]

/** What a coldkey has on each subnet where it has something. Nothing is ever locked on this chain. */
function availabilityOf(state: State, coldkey: AccountId, wanted: readonly number[]): Availability {
  return wanted.flatMap((netuid): Availability => {
    const total = stakeOfColdkey(state, coldkey, netuid)
    return total === 0n ? [] : [[netuid, { total, locked: 0n, available: total }]]
  })
}

const stakeEnd = option(tuple(accountId, netUid))
type StakeEnd = ValueOf<typeof stakeEnd>

/** About what moving stake costs: the fee of the destination's subnet, of the origin's where there is none. */
function stakeFee(state: State, origin: StakeEnd, destination: StakeEnd, amount: bigint): bigint {
  if (origin?.[0] === destination?.[0] && origin?.[1] === destination?.[1]) return 0n
  return swapFee(state, (destination ?? origin)?.[1] ?? root, amount)
}

/**
 * Who stakes how much on whom. Locks and conviction are not part of this chain, and so not of its API.
 *
 * @see facts: subtensor-chain.md, (b)
 */
export const stakeInfoApi: RuntimeApi = {
  name: 'StakeInfoRuntimeApi',
  version: 1,
  methods: {
    get_stake_info_for_coldkey: method({ coldkey_account: accountId }, vec(stakeInfo), ({ state }, args) =>
      positionsOf(state, args.coldkey_account),
    ),
    get_stake_info_for_coldkeys: method(
      { coldkey_accounts: vec(accountId) },
      vec(tuple(accountId, vec(stakeInfo))),
      ({ state }, { coldkey_accounts }) =>
        coldkey_accounts.map((coldkey): [AccountId, StakeInfo[]] => [coldkey, positionsOf(state, coldkey)]),
    ),
    // Answers for positions, hotkeys and subnets that do not exist too, with a stake of zero.
    get_stake_info_for_hotkey_coldkey_netuid: method(
      { hotkey_account: accountId, coldkey_account: accountId, netuid: netUid },
      option(stakeInfo),
      ({ state }, { hotkey_account: hotkey, coldkey_account: coldkey, netuid }) =>
        infoOf(state, { hotkey, coldkey, netuid }),
    ),
    get_stake_availability_for_coldkeys: method(
      { coldkey_accounts: vec(accountId), netuids: option(vec(netUid)) },
      bTreeMap(accountId, bTreeMap(netUid, stakeAvailability)),
      ({ state }, args) => {
        const wanted = requestedNetuids(state, args.netuids)
        const coldkeys = [...new Set(args.coldkey_accounts)].sort()
        return coldkeys.map((coldkey): [AccountId, Availability] => [coldkey, availabilityOf(state, coldkey, wanted)])
      },
    ),
    get_stake_fee: method(
      {
        origin: stakeEnd,
        origin_coldkey_account: accountId,
        destination: stakeEnd,
        destination_coldkey_account: accountId,
        amount: u64,
      },
      u64,
      ({ state }, { origin, destination, amount }) => stakeFee(state, origin, destination, amount),
    ),
  },
}
