import { type BlockContext, call, requireRoot } from '../../pallet.ts'
import { type AccountId, accountId, netUid, netUidStorageIndex } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import type { StorageItem } from '../../storage.ts'
import { existentialDeposit, freeBalance, transfer } from '../balances.ts'
import { storage as commitments } from '../commitments/storage.ts'
import { storage as swap } from '../swap.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { storageIndices, subnetExists } from './mechanisms.ts'
import { recycleTao } from './recycleTao.ts'
import { stakeOf } from './stakePool.ts'
import { storage } from './storage.ts'
import { subnetAccount } from './subnetAccount.ts'

const root = 0

interface Portion {
  readonly coldkey: AccountId
  readonly alpha: bigint
}

/**
 * Ends a subnet: its TAO goes to those who staked there, by their alpha, and everything about it is forgotten. TAO that
 * cannot be paid to anybody goes out of issuance.
 *
 * @see facts: subtensor-chain.md, dissolve_network
 */
export function dissolveNetwork(context: BlockContext, netuid: number): void {
  const { state } = context
  if (netuid === root || !subnetExists(state, netuid)) throw errors.SubnetNotExists()
  payOut(context, netuid)
  const hadIdentity = state.has(storage.SubnetIdentitiesV3, netuid)
  forgetNetwork(state, netuid)
  if (hadIdentity) context.emit(events.SubnetIdentityRemoved, { 0: netuid })
  context.emit(events.NetworkRemoved, { 0: netuid })
}

/** Each coldkey's share is rounded down; the raos left go to the largest remainders. */
function payOut(context: BlockContext, netuid: number): void {
  const { state } = context
  const pot = state.get(storage.SubnetTAO, netuid)
  const portions = stakesOn(state, netuid)
  const total = portions.reduce((sum, { alpha }) => sum + alpha, 0n)
  state.update(storage.TotalStake, [], (stake) => (stake > pot ? stake - pot : 0n))
  const byColdkey = new Map<AccountId, bigint>()
  if (total > 0n) {
    const shares = portions
      .map(({ coldkey, alpha }) => ({ coldkey, tao: (pot * alpha) / total, rest: (pot * alpha) % total }))
      .toSorted((a, b) => (a.rest === b.rest ? 0 : a.rest > b.rest ? -1 : 1))
    let left = pot - shares.reduce((sum, { tao }) => sum + tao, 0n)
    for (const { coldkey, tao } of shares) {
      const extra = left > 0n ? 1n : 0n
      left -= extra
      byColdkey.set(coldkey, (byColdkey.get(coldkey) ?? 0n) + tao + extra)
    }
  }
  for (const [coldkey, tao] of byColdkey) {
    if (tao === 0n || freeBalance(state, coldkey) + tao < existentialDeposit) continue
    transfer(context, subnetAccount(netuid), coldkey, tao, 'allowDeath')
  }
  recycleTao(context, subnetAccount(netuid), freeBalance(state, subnetAccount(netuid)), 'allowDeath')
}

function stakesOn(state: State, netuid: number): Portion[] {
  return [...state.entries(storage.AlphaV2)]
    .filter(([[, , id]]) => id === netuid)
    .map(([[hotkey, coldkey]]) => ({ coldkey, alpha: stakeOf(state, hotkey, coldkey, netuid) }))
    .filter(({ alpha }) => alpha > 0n)
}

/** How often a netuid has been registered outlives its subnets. */
const lasting: ReadonlySet<StorageItem> = new Set([storage.RegisteredSubnetCounter])

/** All maps that may have entries of a subnet, with those that only the release in force has. */
function mapsOfSubnets({ face }: State): StorageItem[] {
  const releases = Object.values(face.layout?.own ?? {}).map((rows) => rows.storage ?? {})
  return [storage, swap, commitments, ...releases].flatMap((items) => Object.values(items) as StorageItem[])
}

/** Removes every entry that belongs to a subnet, whatever place its netuid has among the keys. */
function forgetNetwork(state: State, netuid: number): void {
  const indices = storageIndices(state, netuid)
  for (const [[uid], hotkey] of hotkeysOf(state, netuid)) {
    state.remove(storage.Keys, netuid, uid)
    state.remove(storage.IsNetworkMember, hotkey, netuid)
  }
  for (const [[hotkey], rates] of [...state.entries(storage.RootClaimable)]) {
    if (!rates.some(([id]) => id === netuid)) continue
    state.set(
      storage.RootClaimable,
      [hotkey],
      rates.filter(([id]) => id !== netuid),
    )
  }
  for (const item of mapsOfSubnets(state)) {
    if (lasting.has(item)) continue
    const place = item.keys.findIndex(({ type }) => type === netUid)
    if (item.keys[0]?.type === netUidStorageIndex) for (const index of indices) state.removePrefix(item, index)
    else if (place === 0) state.removePrefix(item, netuid)
    else if (place > 0) removeWhere(state, item, place, netuid)
  }
  forgetLimits(state, netuid)
  state.update(commitments.TimelockedIndex, [], (index) => index.filter(([id]) => id !== netuid))
  state.update(storage.TotalNetworks, [], (count) => count - 1)
}

/** What the old owner did last does not bind the next one. */
function forgetLimits(state: State, netuid: number): void {
  for (const [[key]] of [...state.entries(storage.LastRateLimitedBlock)]) {
    if (0 in key && key[0] === netuid) state.remove(storage.LastRateLimitedBlock, key)
  }
}

function hotkeysOf(state: State, netuid: number): (readonly [readonly [number], AccountId])[] {
  return [...state.entries(storage.Keys, netuid)].map(([[, uid], hotkey]) => [[uid], hotkey] as const)
}

function removeWhere(state: State, item: StorageItem, place: number, netuid: number): void {
  for (const [keys] of [...state.entries(item)]) if (keys[place] === netuid) state.remove(item, ...keys)
}

export const dissolveCalls = {
  /** The owner's coldkey is named for history's sake: only root may end a subnet, and it may end any. */
  dissolve_network: call(61, { coldkey: accountId, netuid: netUid }, (context, { netuid }) => {
    requireRoot(context)
    dissolveNetwork(context, netuid)
  }),
  root_dissolve_network: call(120, { netuid: netUid }, (context, { netuid }) => {
    requireRoot(context)
    dissolveNetwork(context, netuid)
  }),
}
