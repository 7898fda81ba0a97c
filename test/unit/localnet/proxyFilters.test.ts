import { expect, test } from 'vitest'
import { localnetRuntime } from '../../../src/localnet/localnetRuntime.ts'
import type { Call } from '../../../src/localnet/pallet.ts'
import { isSuperset, proxyAllows, proxyFilters } from '../../../src/localnet/pallets/proxy/filters.ts'
import type { ProxyTypeName } from '../../../src/localnet/pallets/proxy/types.ts'

const types = Object.keys(proxyFilters) as ProxyTypeName[]

function callOf(name: string, args: Readonly<Record<string, unknown>> = {}): Call {
  const [pallet, call] = name.split('.') as [string, string]
  return { pallet, name: call, args }
}

/** Types that allow a call, in the order of their index. */
function allowing(name: string, args?: Readonly<Record<string, unknown>>): ProxyTypeName[] {
  return types.filter((type) => proxyAllows(type, callOf(name, args)))
}

const large = { value: 500_000_000n, alpha_amount: 500_000_000n }
const small = { value: 499_999_999n, alpha_amount: 499_999_999n }

// facts: subtensor-chain.md, (d) Proxy, read column by column.
test.each<[string, ProxyTypeName[]]>([
  ['Balances.transfer_keep_alive', ['Any', 'NonCritical', 'Transfer']],
  ['Balances.transfer_allow_death', ['Any', 'NonCritical', 'Transfer']],
  ['Balances.transfer_all', ['Any', 'NonCritical', 'Transfer']],
  ['Balances.burn', ['Any', 'NonCritical']],
  ['SubtensorModule.transfer_stake', ['Any', 'NonCritical', 'Transfer']],
  ['SubtensorModule.add_stake', ['Any', 'NonCritical', 'NonTransfer', 'Staking']],
  ['SubtensorModule.remove_stake_full_limit', ['Any', 'NonCritical', 'NonTransfer', 'Staking']],
  ['SubtensorModule.unstake_all_alpha', ['Any', 'NonCritical', 'NonTransfer', 'Staking']],
  ['SubtensorModule.swap_stake_limit', ['Any', 'NonCritical', 'NonTransfer', 'Staking']],
  ['SubtensorModule.set_root_claim_type', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible', 'Staking']],
  ['SubtensorModule.claim_root', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible', 'RootClaim']],
  ['SubtensorModule.burned_register', ['Any', 'NonTransfer', 'Registration']],
  ['SubtensorModule.register', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible', 'Registration']],
  ['SubtensorModule.register_limit', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible', 'Registration']],
  ['SubtensorModule.root_register', ['Any', 'NonTransfer']],
  ['SubtensorModule.dissolve_network', ['Any', 'NonTransfer', 'NonFungible']],
  ['SubtensorModule.swap_hotkey', ['Any', 'NonCritical', 'NonTransfer', 'SwapHotkey']],
  ['SubtensorModule.announce_coldkey_swap', ['Any']],
  ['SubtensorModule.swap_coldkey_announced', ['Any']],
  ['SubtensorModule.set_children', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible', 'ChildKeys']],
  ['SubtensorModule.set_weights', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible']],
  [
    'SubtensorModule.set_subnet_identity',
    ['Any', 'Owner', 'NonCritical', 'NonTransfer', 'NonFungible', 'SubnetLeaseBeneficiary'],
  ],
  ['SubtensorModule.start_call', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible', 'SubnetLeaseBeneficiary']],
  ['AdminUtils.sudo_set_rho', ['Any', 'Owner', 'NonCritical', 'NonTransfer', 'NonFungible', 'SubnetLeaseBeneficiary']],
  ['AdminUtils.sudo_set_sn_owner_hotkey', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible']],
  ['Sudo.sudo', ['Any', 'NonTransfer', 'NonFungible']],
  ['Utility.batch', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible']],
  ['Proxy.proxy', ['Any', 'NonCritical', 'NonTransfer', 'NonFungible']],
  ['Proxy.remove_proxies', ['Any']],
  ['Proxy.kill_pure', ['Any']],
])('%s may be called by %j', (name, expected) => {
  expect(allowing(name, large)).toEqual(expected)
})

test('small transfers are those below half a token', () => {
  for (const name of [
    'Balances.transfer_keep_alive',
    'Balances.transfer_allow_death',
    'SubtensorModule.transfer_stake',
  ])
    expect([name, allowing(name, small)]).toEqual([name, ['Any', 'NonCritical', 'Transfer', 'SmallTransfer']])
  expect(allowing('Balances.transfer_all')).not.toContain('SmallTransfer')
})

test('unchecked weight for setting code, and for nothing else', () => {
  const wrap = (call: Call) => allowing('Sudo.sudo_unchecked_weight', { call })
  expect(wrap(callOf('System.set_code'))).toContain('SudoUncheckedSetCode')
  expect(wrap(callOf('System.remark'))).not.toContain('SudoUncheckedSetCode')
})

test('the abolished types allow nothing', () => {
  const { pallets } = localnetRuntime('fast')
  const calls = pallets.flatMap((pallet) => Object.keys(pallet.calls).map((name) => `${pallet.name}.${name}`))
  expect(calls.length).toBeGreaterThan(100)
  for (const type of ['Senate', 'Triumvirate', 'Governance', 'RootWeights'] as const) {
    expect(calls.filter((name) => proxyAllows(type, callOf(name, { ...large, proxy_type: { type } })))).toEqual([])
  }
})

test('no delegate hands out or takes away more than it has', () => {
  const handing = (type: ProxyTypeName) => allowing('Proxy.add_proxy', { proxy_type: { type } })
  expect(handing('Any')).toEqual(['Any'])
  expect(handing('Staking')).toEqual(['Any', 'NonTransfer'])
  expect(handing('SmallTransfer')).toEqual(['Any'])
  expect(handing('NonFungible')).toEqual(['Any', 'NonTransfer', 'NonFungible'])
  expect(allowing('Proxy.remove_proxy', { proxy_type: { type: 'Transfer' } })).toEqual(['Any'])
  for (const type of types) expect([isSuperset(type, type), isSuperset('Any', type)]).toEqual([true, true])
  expect(isSuperset('Transfer', 'SmallTransfer')).toBe(true)
  expect(isSuperset('SmallTransfer', 'Transfer')).toBe(false)
})

test('conditions look at an argument that the call has', () => {
  const { pallets } = localnetRuntime('fast')
  const conditions = Object.values(proxyFilters).flatMap(({ calls }) =>
    calls.filter(({ below }) => below !== undefined),
  )
  const looked = conditions.flatMap(({ pallet, name, below }) => {
    const definition = pallets.find((candidate) => candidate.name === pallet)?.calls[name!]
    return definition === undefined ? [] : [[name, Object.keys(definition.fields).includes(below!.argument)]]
  })
  expect(looked).toEqual(
    expect.arrayContaining([
      ['transfer_keep_alive', true],
      ['transfer_allow_death', true],
    ]),
  )
  expect(looked.filter(([, isThere]) => !isThere)).toEqual([])
})
