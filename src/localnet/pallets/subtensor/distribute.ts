import { dividendDistribution } from '../../../yuma/dividendDistribution.ts'
import type { BlockContext } from '../../pallet.ts'
import { type AccountId, zeroAccount } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { splitTake } from './delegateTake.ts'
import { shareWithParents } from './dividends.ts'
import { events } from './events.ts'
import { creditRootDividend } from './rootDividends.ts'
import { addToPool, raiseForAll } from './stakePool.ts'
import { poolOf, taoWeight } from './stakeWeight.ts'
import { storage } from './storage.ts'

/** What the epoch returned for one hotkey, in alpha rao. */
export interface EpochShare {
  readonly hotkey: AccountId
  readonly incentive: bigint
  readonly dividend: bigint
}

/** What the subnet had accrued when its epoch became due, in alpha rao. */
export interface Drained {
  readonly server: bigint
  readonly validator: bigint
  readonly root: bigint
  readonly ownerCut: bigint
}

const byAccount = (a: readonly [AccountId, unknown], b: readonly [AccountId, unknown]): number => (a[0] < b[0] ? -1 : 1)

/**
 * Pays out an epoch: owner cut, incentives, alpha dividends, root dividends, in this order and each by ascending
 * account, because the order matters for the shares in the stake pools.
 *
 * @see facts: emission.md, 7
 */
export function distribute(
  context: BlockContext,
  netuid: number,
  shares: readonly EpochShare[],
  drained: Drained,
): void {
  const { state, record } = context
  const incentives = sumByHotkey(shares, 'incentive')
  const incentiveTotal = [...incentives.values()].reduce((sum, amount) => sum + amount, 0n)
  const validatorAlpha = incentiveTotal === 0n ? drained.validator + drained.server : drained.validator
  const parents = shareWithParents(state, netuid, sumByHotkey(shares, 'dividend'))
  const hotkeys = [...parents.byHotkey].sort(byAccount)
  // Stakes are read before anything is paid.
  const { alpha, root } = dividendDistribution(
    hotkeys.map(([hotkey, dividend]) => ({
      alphaStake: poolOf(state, hotkey, netuid),
      rootStake: poolOf(state, hotkey, 0),
      dividend,
    })),
    { validator: validatorAlpha, root: drained.root, taoWeight: taoWeight(state) },
  )
  const note = (kind: 'paid' | 'ownerCut' | 'burned' | 'recycled' | 'remainder', amount: bigint): void => {
    if (amount !== 0n) record?.({ netuid, kind, amount })
  }

  const ownerPaid = payOwner(state, netuid, drained.ownerCut)
  note('ownerCut', ownerPaid)
  note('remainder', drained.ownerCut - ownerPaid)

  const miners = payIncentives(context, netuid, incentives)
  context.emit(events.IncentiveAlphaEmittedToMiners, { netuid, emissions: shares.map(({ incentive }) => incentive) })
  note('paid', miners.paid)
  note(state.get(storage.RecycleOrBurn, netuid).type === 'Burn' ? 'burned' : 'recycled', miners.withheld)
  if (incentiveTotal > 0n) note('remainder', drained.server - miners.paid - miners.withheld)
  if (incentiveTotal > 0n) {
    state.set(storage.MinerBurned, [netuid], (miners.withheld << 32n) / incentiveTotal)
  } else state.set(storage.MinerBurned, [netuid], 0n)

  recycleAlpha(state, netuid, parents.recycled)
  note('recycled', parents.recycled)
  clearDividendRecords(state, netuid)
  let alphaPaid = 0n
  for (const [i, [hotkey]] of hotkeys.entries()) alphaPaid += payAlphaDividend(state, netuid, hotkey, alpha[i]!)
  note('paid', alphaPaid)
  note('remainder', validatorAlpha - alphaPaid - parents.recycled)

  let rootPaid = 0n
  for (const [i, [hotkey]] of hotkeys.entries()) rootPaid += creditRootDividend(state, netuid, hotkey, root[i]!)
  note('paid', rootPaid)
  note('remainder', drained.root - rootPaid)
}

function sumByHotkey(shares: readonly EpochShare[], field: 'incentive' | 'dividend'): Map<AccountId, bigint> {
  const sums = new Map<AccountId, bigint>()
  for (const share of shares) sums.set(share.hotkey, (sums.get(share.hotkey) ?? 0n) + share[field])
  return sums
}

/** @returns what was paid: nothing where the subnet has no owner */
function payOwner(state: State, netuid: number, cut: bigint): bigint {
  const coldkey = state.get(storage.SubnetOwner, netuid)
  const hotkey = state.get(storage.SubnetOwnerHotkey, netuid)
  if (cut === 0n || coldkey === zeroAccount || hotkey === zeroAccount) return 0n
  addToPool(state, hotkey, coldkey, netuid, cut)
  return cut
}

function payIncentives(
  { state, emit }: BlockContext,
  netuid: number,
  incentives: ReadonlyMap<AccountId, bigint>,
): { paid: bigint; withheld: bigint } {
  const withheldFrom = ownersHotkeys(state, netuid)
  let paid = 0n
  let withheld = 0n
  for (const [hotkey, amount] of [...incentives].sort(byAccount)) {
    if (amount === 0n) continue
    if (withheldFrom.has(hotkey)) {
      withheld += amount
      continue
    }
    const owner = state.get(storage.Owner, hotkey)
    const destination = state.get(storage.AutoStakeDestination, owner, netuid)
    addToPool(state, destination ?? hotkey, owner, netuid, amount)
    if (destination !== undefined)
      emit(events.AutoStakeAdded, { netuid, destination, hotkey, owner, incentive: amount })
    paid += amount
  }
  if (state.get(storage.RecycleOrBurn, netuid).type === 'Recycle') recycleAlpha(state, netuid, withheld)
  return { paid, withheld }
}

/** Hotkeys whose incentive is not paid: those of the owner's coldkey that have a uid, and the owner hotkey. */
function ownersHotkeys(state: State, netuid: number): ReadonlySet<AccountId> {
  const owned = state.get(storage.OwnedHotkeys, state.get(storage.SubnetOwner, netuid))
  const candidates = [...owned, state.get(storage.SubnetOwnerHotkey, netuid)]
  return new Set(candidates.filter((hotkey) => state.get(storage.Uids, netuid, hotkey) !== undefined))
}

/** @param dividend U96F32. @returns rao that were staked */
function payAlphaDividend(state: State, netuid: number, hotkey: AccountId, dividend: bigint): bigint {
  const { taken, rest } = splitTake(state, hotkey, dividend)
  addToPool(state, hotkey, state.get(storage.Owner, hotkey), netuid, taken)
  // A pool nobody has a share in cannot be raised for its stakers.
  if (state.get(storage.TotalHotkeySharesV2, hotkey, netuid).mantissa === 0n) {
    addToPool(state, hotkey, state.get(storage.Owner, hotkey), netuid, rest)
  } else raiseForAll(state, hotkey, netuid, rest)
  if (rest > 0n) state.update(storage.AlphaDividendsPerSubnet, [netuid, hotkey], (sum) => sum + rest)
  return taken + rest
}

function clearDividendRecords(state: State, netuid: number): void {
  state.removePrefix(storage.AlphaDividendsPerSubnet, netuid)
  state.removePrefix(storage.RootAlphaDividendsPerSubnet, netuid)
}

/** Takes alpha out of circulation. */
export function recycleAlpha(state: State, netuid: number, amount: bigint): void {
  if (amount > 0n) state.update(storage.SubnetAlphaOut, [netuid], (out) => (out > amount ? out - amount : 0n))
}
