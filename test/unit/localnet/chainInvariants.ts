import { storage as balances, freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { netuids, storageIndices } from '../../../src/localnet/pallets/subtensor/mechanisms.ts'
import { pendingTotal } from '../../../src/localnet/pallets/subtensor/pendingEmission.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { storage as system } from '../../../src/localnet/pallets/system.ts'
import type { State } from '../../../src/localnet/state.ts'
import type { StorageItem } from '../../../src/localnet/storage.ts'

/** What must hold of every state. @param lostDust TAO that died with accounts so far, in rao. @returns breaches in words */
export function breachesOf(state: State, lostDust: bigint): string[] {
  return [
    ...moneyBreaches(state, lostDust),
    ...poolBreaches(state),
    ...stakeBreaches(state),
    ...uidBreaches(state),
    ...relationBreaches(state),
  ]
}

const equal = (what: string, left: bigint | number, right: bigint | number): string[] =>
  left === right ? [] : [`${what}: ${left} is not ${right}`]

/** Every rao is in an account, those of the subnets' pools included. */
function moneyBreaches(state: State, lostDust: bigint): string[] {
  let sum = 0n
  const breaches: string[] = []
  for (const [[who], { data, providers }] of state.entries(system.Account)) {
    if (data.free < 0n || data.reserved < 0n) breaches.push(`${who} has a negative balance`)
    if (providers > 0 && data.free + data.reserved < 500n) breaches.push(`${who} lives on ${data.free}`)
    sum += data.free + data.reserved
  }
  return [
    ...breaches,
    ...equal('sum of balances and Balances.TotalIssuance', sum, state.get(balances.TotalIssuance)),
    ...equal('TotalIssuance less dust', state.get(storage.TotalIssuance) - lostDust, sum),
  ]
}

function poolBreaches(state: State): string[] {
  let tao = 0n
  const breaches: string[] = []
  for (const netuid of netuids(state)) {
    const pool = state.get(storage.SubnetTAO, netuid)
    tao += pool
    breaches.push(...equal(`account of subnet ${netuid} and its TAO`, freeBalance(state, subnetAccount(netuid)), pool))
  }
  return [...breaches, ...equal('SubnetTAO together and TotalStake', tao, state.get(storage.TotalStake))]
}

/** Shares of each stake pool make up the whole to a millionth, and no alpha is staked twice. */
function stakeBreaches(state: State): string[] {
  const breaches: string[] = []
  const pools = new Map<string, { shares: bigint; value: bigint; stakers: bigint }>()
  for (const [[hotkey, coldkey, netuid], share] of state.entries(storage.AlphaV2)) {
    const pool = pools.get(`${hotkey} ${netuid}`) ?? { shares: 0n, value: 0n, stakers: 0n }
    pool.shares += scaled(share)
    pool.value += stakeOf(state, hotkey, coldkey, netuid)
    pool.stakers++
    pools.set(`${hotkey} ${netuid}`, pool)
    if (!state.get(storage.StakingHotkeys, coldkey).includes(hotkey)) breaches.push(`${coldkey} forgot ${hotkey}`)
  }
  const staked = new Map<number, bigint>()
  for (const [[hotkey, netuid], total] of state.entries(storage.TotalHotkeyAlpha)) {
    staked.set(netuid, (staked.get(netuid) ?? 0n) + total)
    const pool = pools.get(`${hotkey} ${netuid}`) ?? { shares: 0n, value: 0n, stakers: 0n }
    const all = scaled(state.get(storage.TotalHotkeySharesV2, hotkey, netuid))
    const gap = all > pool.shares ? all - pool.shares : pool.shares - all
    // Shares lose their last digits where large ones are taken away; every stake is rounded down to a rao.
    const slack = 2n + total / 1_000_000n
    if (gap * total > slack * all) breaches.push(`shares of ${hotkey} on ${netuid}: ${pool.shares} of ${all}`)
    if (pool.value > total + slack || pool.value + pool.stakers + slack < total) {
      breaches.push(`stakes on ${hotkey} on ${netuid}: ${pool.value} of ${total}`)
    }
  }
  for (const netuid of netuids(state)) {
    const owned =
      (staked.get(netuid) ?? 0n) + pendingTotal(state, netuid) + state.get(storage.SubnetProtocolAlpha, netuid)
    const out = state.get(storage.SubnetAlphaOut, netuid)
    if (owned > out) breaches.push(`subnet ${netuid}: ${owned} alpha owned, ${out} issued`)
  }
  return breaches
}

/** In parts of 10^-60. */
function scaled({ mantissa, exponent }: { mantissa: bigint; exponent: bigint }): bigint {
  const places = exponent + 60n
  return places >= 0n ? mantissa * 10n ** places : mantissa / 10n ** -places
}

const { Active, Consensus, Dividends, Emission, ValidatorPermit } = storage
const vectors = [Active, Consensus, Dividends, Emission, ValidatorPermit] as readonly StorageItem<
  readonly [number],
  readonly unknown[]
>[]

/** Uids are 0 … n − 1, both maps agree, and every vector has an element for each. */
function uidBreaches(state: State): string[] {
  const breaches: string[] = []
  for (const netuid of netuids(state)) {
    const count = state.get(storage.SubnetworkN, netuid)
    const keys = [...state.entries(storage.Keys, netuid)].sort(([[, a]], [[, b]]) => a - b)
    breaches.push(...equal(`keys of subnet ${netuid}`, keys.length, count))
    for (const [place, [[, uid], hotkey]] of keys.entries()) {
      if (uid !== place) breaches.push(`subnet ${netuid}: uid ${uid} at place ${place}`)
      if (state.get(storage.Uids, netuid, hotkey) !== uid) breaches.push(`subnet ${netuid}: uid ${uid} has two hotkeys`)
      if (!state.get(storage.IsNetworkMember, hotkey, netuid)) breaches.push(`${hotkey} is no member of ${netuid}`)
    }
    breaches.push(...equal(`uids of subnet ${netuid}`, [...state.entries(storage.Uids, netuid)].length, count))
    for (const item of vectors) {
      breaches.push(...equal(`${item.name} of ${netuid}`, state.get(item, netuid).length, count))
    }
    for (const [mecid, index] of storageIndices(state, netuid).entries()) {
      // Of a mechanism that came later nothing is stored for those who have never set weights on it.
      const { length } = state.get(storage.LastUpdate, index)
      if (mecid === 0 ? length !== count : length > count)
        breaches.push(`LastUpdate of ${index}: ${length} of ${count}`)
    }
  }
  return breaches
}

/** Children know their parents and parents their children; owners know their hotkeys. */
function relationBreaches(state: State): string[] {
  const breaches: string[] = []
  let relations = 0
  for (const [[parent, netuid], children] of state.entries(storage.ChildKeys)) {
    relations += children.length
    if (children.reduce((sum, [share]) => sum + share, 0n) >= 1n << 64n) breaches.push(`${parent} lends more than all`)
    for (const [share, child] of children) {
      const back = state.get(storage.ParentKeys, child, netuid).find(([, other]) => other === parent)
      if (back?.[0] !== share) breaches.push(`${child} does not know its parent ${parent} on ${netuid}`)
    }
  }
  let reversed = 0
  for (const [, parents] of state.entries(storage.ParentKeys)) reversed += parents.length
  for (const [[hotkey], coldkey] of state.entries(storage.Owner)) {
    if (!state.get(storage.OwnedHotkeys, coldkey).includes(hotkey)) breaches.push(`${coldkey} does not own ${hotkey}`)
  }
  return [...breaches, ...equal('parents and children', reversed, relations)]
}
