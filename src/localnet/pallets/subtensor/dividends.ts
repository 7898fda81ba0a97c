import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import { poolOf, proportionOf, taoWeight } from './stakeWeight.ts'
import { storage } from './storage.ts'

const root = 0
const whole = (1n << 64n) - 1n
/** All amounts in this file are U96F32 unless a name says rao. */
const one = 1n << 32n
const mul = (a: bigint, b: bigint): bigint => (a * b) >> 32n
const div = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a << 32n) / b)

export interface ParentDividends {
  /** Dividends in rao by hotkey, parents and children separately entitled. */
  readonly byHotkey: ReadonlyMap<AccountId, bigint>
  /** Alpha rao that the childkey burn takes. */
  readonly recycled: bigint
}

/**
 * Shares each hotkey's dividend with its parents, in proportion to what they lent it.
 *
 * @param dividends rao by hotkey, as the epoch returned them
 * @see facts: emission.md, 7.2
 */
export function shareWithParents(
  state: State,
  netuid: number,
  dividends: ReadonlyMap<AccountId, bigint>,
): ParentDividends {
  const byHotkey = new Map<AccountId, bigint>()
  let recycled = 0n
  const credit = (hotkey: AccountId, rao: bigint): void => {
    byHotkey.set(hotkey, (byHotkey.get(hotkey) ?? 0n) + rao)
  }
  const weight = taoWeight(state)
  const burnShare = (state.get(storage.CKBurn) << 32n) / whole
  for (const [hotkey, rao] of dividends) {
    const parents = state.get(storage.ParentKeys, hotkey, netuid)
    if (parents.length === 0) {
      credit(hotkey, rao)
      continue
    }
    const contributions = parents.map(([share, parent]) => {
      const part = proportionOf(share)
      const alpha = mul(poolOf(state, parent, netuid) << 32n, part)
      return [parent, alpha + mul(mul(poolOf(state, parent, root) << 32n, part), weight)] as const
    })
    const total = contributions.reduce(
      (sum, [, amount]) => sum + amount,
      ownContribution(state, hotkey, netuid, weight),
    )
    const dividend = rao << 32n
    const take = div(BigInt(state.get(storage.ChildkeyTake, hotkey, netuid)) << 32n, 65_535n << 32n)
    const owner = state.get(storage.Owner, hotkey)
    let remaining = dividend
    let taken = 0n
    for (const [parent, contribution] of contributions) {
      let entitled = mul(dividend, div(contribution, total))
      remaining = remaining > entitled ? remaining - entitled : 0n
      if (state.get(storage.Owner, parent) !== owner) {
        const burnt = mul(burnShare, entitled)
        const kept = mul(take, entitled)
        entitled -= burnt + kept
        recycled += burnt >> 32n
        taken += kept
      }
      credit(parent, entitled >> 32n)
    }
    credit(hotkey, (remaining + taken) >> 32n)
  }
  return { byHotkey, recycled }
}

function ownContribution(state: State, hotkey: AccountId, netuid: number, weight: bigint): bigint {
  const given = state.get(storage.ChildKeys, hotkey, netuid).reduce((sum, [share]) => sum + proportionOf(share), 0n)
  const kept = given >= one ? 0n : one - given
  const alpha = mul(poolOf(state, hotkey, netuid) << 32n, kept)
  const tao = mul(mul(poolOf(state, hotkey, root) << 32n, kept), weight)
  return ((alpha + tao) >> 32n) << 32n
}
