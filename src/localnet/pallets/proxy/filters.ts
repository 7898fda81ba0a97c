import type { Call } from '../../pallet.ts'
import type { ProxyTypeName } from './types.ts'

/** Calls of one kind: a whole pallet, or one call, perhaps only while it meets a condition. */
export interface CallRule {
  readonly pallet: string
  readonly name?: string
  /** An amount among the arguments must be smaller than this. */
  readonly below?: { readonly argument: string; readonly limit: bigint }
  /** The call inside must be this one. */
  readonly carries?: { readonly pallet: string; readonly name: string }
}

/** Which calls a type of proxy may make: those of `calls`, or all but those of `calls`; never those of `exceptions`. */
export interface ProxyFilter {
  readonly mode: 'AllowAll' | 'DenyAll' | 'Allow' | 'Deny'
  readonly calls: readonly CallRule[]
  readonly exceptions: readonly CallRule[]
}

function rules(pallet: string, ...names: readonly string[]): CallRule[] {
  return names.map((name) => ({ pallet, name }))
}

const subtensor = (...names: readonly string[]): CallRule[] => rules('SubtensorModule', ...names)

const staking = [
  'add_stake',
  'add_stake_limit',
  'remove_stake',
  'remove_stake_limit',
  'remove_stake_full_limit',
  'unstake_all',
  'unstake_all_alpha',
  'move_stake',
  'swap_stake',
  'swap_stake_limit',
]
const transferStake = 'transfer_stake'
const hotkeySwaps = ['swap_hotkey', 'swap_hotkey_v2']
const coldkeySwaps = [
  'schedule_swap_coldkey',
  'swap_coldkey',
  'announce_coldkey_swap',
  'swap_coldkey_announced',
  'clear_coldkey_swap_announcement',
  'dispute_coldkey_swap',
  'reset_coldkey_swap',
]
const subnetIdentity = ['set_subnet_identity', 'update_symbol']
const ownerHotkeys = rules('AdminUtils', 'sudo_set_sn_owner_hotkey', 'sudo_set_subnet_owner_hotkey')

/** Half a token, TAO or alpha. */
const smallAmount = 500_000_000n

const allow = (calls: readonly CallRule[], exceptions: readonly CallRule[] = []): ProxyFilter => ({
  mode: 'Allow',
  calls,
  exceptions,
})
const deny = (calls: readonly CallRule[]): ProxyFilter => ({ mode: 'Deny', calls, exceptions: [] })
const nothing: ProxyFilter = { mode: 'DenyAll', calls: [], exceptions: [] }

/** @see facts: subtensor-chain.md, (d) Proxy; subtensor `runtime/src/proxy_filters` for the two that it leaves out */
export const proxyFilters: Readonly<Record<ProxyTypeName, ProxyFilter>> = {
  Any: { mode: 'AllowAll', calls: [], exceptions: [] },
  Owner: allow([{ pallet: 'AdminUtils' }, ...subtensor(...subnetIdentity)], ownerHotkeys),
  NonCritical: deny([
    { pallet: 'Sudo' },
    ...subtensor('dissolve_network', 'root_register', 'burned_register', ...coldkeySwaps),
  ]),
  NonTransfer: deny([{ pallet: 'Balances' }, ...subtensor(transferStake, ...coldkeySwaps)]),
  Senate: nothing,
  NonFungible: deny([
    { pallet: 'Balances' },
    ...subtensor(...staking, transferStake, 'burned_register', 'root_register', ...hotkeySwaps, ...coldkeySwaps),
  ]),
  Triumvirate: nothing,
  Governance: nothing,
  Staking: allow(subtensor(...staking, 'set_root_claim_type')),
  Registration: allow(subtensor('burned_register', 'register', 'register_limit')),
  Transfer: allow([
    ...rules('Balances', 'transfer_keep_alive', 'transfer_allow_death', 'transfer_all'),
    ...subtensor(transferStake),
  ]),
  SmallTransfer: allow([
    ...rules('Balances', 'transfer_keep_alive', 'transfer_allow_death').map((rule) => ({
      ...rule,
      below: { argument: 'value', limit: smallAmount },
    })),
    ...subtensor(transferStake).map((rule) => ({
      ...rule,
      below: { argument: 'alpha_amount', limit: smallAmount },
    })),
  ]),
  RootWeights: nothing,
  ChildKeys: allow(subtensor('set_children', 'set_childkey_take')),
  SudoUncheckedSetCode: allow([
    { pallet: 'Sudo', name: 'sudo_unchecked_weight', carries: { pallet: 'System', name: 'set_code' } },
  ]),
  SwapHotkey: allow(subtensor(...hotkeySwaps)),
  SubnetLeaseBeneficiary: allow(
    [{ pallet: 'AdminUtils' }, ...subtensor('start_call', ...subnetIdentity)],
    ownerHotkeys,
  ),
  RootClaim: allow(subtensor('claim_root')),
}

function matches(rule: CallRule, { pallet, name, args }: Call): boolean {
  if (rule.pallet !== pallet || (rule.name !== undefined && rule.name !== name)) return false
  if (rule.below !== undefined && (args[rule.below.argument] as bigint) >= rule.below.limit) return false
  if (rule.carries === undefined) return true
  const inner = args.call as Call
  return inner.pallet === rule.carries.pallet && inner.name === rule.carries.name
}

function passes({ mode, calls, exceptions }: ProxyFilter, call: Call): boolean {
  if (mode === 'AllowAll') return true
  const named = calls.some((rule) => matches(rule, call)) && !exceptions.some((rule) => matches(rule, call))
  return mode === 'Deny' ? !named : named
}

/** Whether who has the first type has all the powers of the second. */
export function isSuperset(type: ProxyTypeName, other: ProxyTypeName): boolean {
  if (type === other || type === 'Any') return true
  if (other === 'Any') return false
  if (type === 'NonTransfer') return other !== 'Transfer' && other !== 'SmallTransfer'
  return type === 'Transfer' && other === 'SmallTransfer'
}

/**
 * Whether a delegate of a type may make a call, for the account it acts for. Asked for calls inside other calls too, so
 * that a batch carries nothing past it. No delegate hands out or takes away more powers than it has.
 */
export function proxyAllows(type: ProxyTypeName, call: Call): boolean {
  if (call.pallet === 'Proxy') {
    const { name, args } = call
    if (name === 'add_proxy' || name === 'remove_proxy') {
      const { type: other } = args.proxy_type as { type: ProxyTypeName }
      if (!isSuperset(type, other)) return false
    }
    if ((name === 'remove_proxies' || name === 'kill_pure') && type !== 'Any') return false
  }
  return passes(proxyFilters[type], call)
}
