import { clampU64, u64f64 } from '../../fixed/fixedFormat.ts'
import { stakeOf } from '../pallets/subtensor/stakePool.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import { method, type RuntimeApi } from '../runtime.ts'
import { type AccountId, accountId, alphaBalance, netUid, perU16 } from '../scale/chainTypes.ts'
import { compact, option, struct, tuple, u64, type ValueOf, vec } from '../scale/types.ts'
import type { State } from '../state.ts'

const root = 0
/** At 12 s a block, whatever the build. */
const blocksPerDay = u64f64.fromInteger(7200n)
const wholeTake = u64f64.fromInteger(65_535n)
/** 1000 TAO in rao. */
const thousandTao = u64f64.fromInteger(1_000_000_000_000n)

const delegateInfo = struct('pallet_subtensor::rpc_info::delegate_info::DelegateInfo', {
  delegate_ss58: accountId,
  take: compact(perU16),
  nominators: vec(tuple(accountId, vec(tuple(compact(netUid), compact(u64))))),
  owner_ss58: accountId,
  registrations: vec(compact(netUid)),
  validator_permits: vec(compact(netUid)),
  return_per_1000: compact(u64),
  total_daily_return: compact(u64),
})

type DelegateInfo = ValueOf<typeof delegateInfo>

/** Every coldkey with stake on the hotkey, ascending, and what it has on which subnet. */
function nominatorsOf(state: State, hotkey: AccountId): DelegateInfo['nominators'] {
  const nominators = new Map<AccountId, [number, bigint][]>()
  for (const [[, coldkey, netuid], share] of state.entries(storage.AlphaV2, hotkey)) {
    if (share.mantissa === 0n || !state.get(storage.NetworksAdded, netuid)) continue
    const stakes = nominators.get(coldkey) ?? []
    stakes.push([netuid, stakeOf(state, hotkey, coldkey, netuid)])
    nominators.set(coldkey, stakes)
  }
  return [...nominators].sort(([a], [b]) => (a < b ? -1 : 1))
}

function registrationsOf(state: State, hotkey: AccountId): number[] {
  return [...state.entries(storage.IsNetworkMember, hotkey)].filter(([, is]) => is).map(([[, netuid]]) => netuid)
}

/** Alpha of one day on one subnet as U64F64, if each epoch brings as much as the last. */
function dailyEmission(state: State, netuid: number, uid: number): bigint {
  const tempo = state.get(storage.Tempo, netuid)
  if (tempo === 0) return 0n
  const emission = u64f64.fromInteger(state.get(storage.Emission, netuid)[uid] ?? 0n)
  return u64f64.mul(emission, u64f64.safeDiv(blocksPerDay, u64f64.fromInteger(BigInt(tempo))))
}

/** What 1000 TAO staked on root bring in a day after the take, as U64F64. */
function returnPer1000(take: number, rootStake: bigint, daily: bigint): bigint {
  if (rootStake === 0n) return 0n
  const kept = u64f64.sub(u64f64.one, u64f64.safeDiv(u64f64.fromInteger(BigInt(take)), wholeTake))
  const thousands = u64f64.safeDiv(u64f64.fromInteger(rootStake), thousandTao)
  return u64f64.safeDiv(u64f64.mul(daily, kept), thousands)
}

function infoOf(state: State, hotkey: AccountId, nominators: DelegateInfo['nominators']): DelegateInfo {
  const take = state.get(storage.Delegates, hotkey)
  const registrations = registrationsOf(state, hotkey)
  const permits: number[] = []
  let daily = 0n
  for (const netuid of registrations) {
    const uid = state.get(storage.Uids, netuid, hotkey)
    if (uid === undefined) continue
    if (state.get(storage.ValidatorPermit, netuid)[uid] === true) permits.push(netuid)
    daily = u64f64.add(daily, dailyEmission(state, netuid, uid))
  }
  const rootStake = state.get(storage.TotalHotkeyAlpha, hotkey, root)
  return {
    delegate_ss58: hotkey,
    take,
    nominators,
    owner_ss58: state.get(storage.Owner, hotkey),
    registrations,
    validator_permits: permits,
    return_per_1000: clampU64(u64f64.floor(returnPer1000(take, rootStake, daily))),
    total_daily_return: clampU64(u64f64.floor(daily)),
  }
}

/** Hotkeys whose take is stored, in storage order. A hotkey that never set its take is no delegate. */
function delegates(state: State): AccountId[] {
  return [...state.entries(storage.Delegates)].map(([[hotkey]]) => hotkey)
}

type Delegated = [DelegateInfo, [number, bigint]]

/** A coldkey's stakes on delegates, one entry a delegate and subnet; nominators are left out. */
function delegatedBy(state: State, coldkey: AccountId): Delegated[] {
  return delegates(state).flatMap((hotkey) =>
    [...state.entries(storage.AlphaV2, hotkey, coldkey)]
      .filter(([[, , netuid]]) => state.get(storage.NetworksAdded, netuid))
      .map(
        ([[, , netuid]]): Delegated => [infoOf(state, hotkey, []), [netuid, stakeOf(state, hotkey, coldkey, netuid)]],
      ),
  )
}

/** Hotkeys on which others may stake. @see facts: subtensor-chain.md, (b) */
export const delegateInfoApi: RuntimeApi = {
  name: 'DelegateInfoRuntimeApi',
  version: 1,
  methods: {
    get_delegates: method({}, vec(delegateInfo), ({ state }) =>
      delegates(state).map((hotkey) => infoOf(state, hotkey, nominatorsOf(state, hotkey))),
    ),
    get_delegate: method({ delegate_account: accountId }, option(delegateInfo), ({ state }, args) => {
      const hotkey = args.delegate_account
      return state.has(storage.Delegates, hotkey) ? infoOf(state, hotkey, nominatorsOf(state, hotkey)) : undefined
    }),
    get_delegated: method(
      { delegatee_account: accountId },
      vec(tuple(delegateInfo, tuple(compact(netUid), compact(alphaBalance)))),
      ({ state }, { delegatee_account }) => delegatedBy(state, delegatee_account),
    ),
  },
}
