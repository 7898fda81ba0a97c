import { InputError, messageOf } from '../../base/errors.ts'
import type { LocalNode } from '../node.ts'
import type { Call } from '../pallet.ts'
import { storage } from '../pallets/subtensor/storage.ts'
import type { Runtime } from '../runtime.ts'
import { type AnyType, encode } from '../scale/types.ts'
import { dispatchAsRoot } from './dispatchAsRoot.ts'
import { fromJson } from './fromJson.ts'
import { requireSubnet } from './requireSubnet.ts'

/** btcli's names where they are not those of the calls `sudo_set_…`. @see facts: subtensor-chain.md, (e) */
const btcliNames: Readonly<Record<string, string>> = {
  max_validators: 'max_allowed_validators',
  weights_version: 'weights_version_key',
  weights_rate_limit: 'weights_set_rate_limit',
  registration_allowed: 'network_registration_allowed',
  target_regs_per_interval: 'target_registrations_per_interval',
  max_regs_per_block: 'max_registrations_per_block',
  bonds_moving_avg: 'bonds_moving_average',
  commit_reveal_period: 'commit_reveal_weights_interval',
  transfers_enabled: 'toggle_transfer',
}

/** What no call sets by that name. */
const others: Readonly<Record<string, readonly [pallet: string, call: string]>> = {
  activity_cutoff_factor: ['SubtensorModule', 'set_activity_cutoff_factor'],
}

export interface Hyperparameter {
  /** btcli's name, or that of an AdminUtils call without `sudo_set_`. */
  readonly name: string
  /** A number, true or false; a list where the call takes several values (`alpha_values`). */
  readonly value: unknown
  /** Left out for a value of the whole chain. */
  readonly netuid?: number | undefined
}

/**
 * Changes a hyperparameter as root would, at once: freeze windows do not count, the chain's bounds do.
 *
 * @throws InputError for an unknown name or subnet, a value of the wrong type, or one that the chain refuses
 */
export function setHyperparameter(node: LocalNode, { name, value, netuid }: Hyperparameter): void {
  if (netuid !== undefined) requireSubnet(node.headState, netuid)
  // The price of a registration, which the chain moves by itself: there is no call for it.
  if (name === 'burn') {
    setBurn(node, netuid, value)
    return
  }
  const call = callOf(node.runtime, { name, value, netuid })
  node.edit((context) => {
    const { state } = context
    const window = state.get(storage.AdminFreezeWindow)
    const pendingAt = netuid === undefined ? 0n : state.get(storage.PendingEpochAt, netuid)
    // Both close the window; neither is what is asked for.
    state.set(storage.AdminFreezeWindow, [], 0)
    if (netuid !== undefined && pendingAt > 0n) state.set(storage.PendingEpochAt, [netuid], 0n)
    dispatchAsRoot(context, call, name, value)
    if (call.name !== 'sudo_set_admin_freeze_window') state.set(storage.AdminFreezeWindow, [], window)
    if (netuid !== undefined && pendingAt > 0n) state.set(storage.PendingEpochAt, [netuid], pendingAt)
  })
}

/** All names that can be set, btcli's among them, in alphabetic order. */
export function hyperparameterNames({ pallets }: Runtime): string[] {
  const calls = Object.keys(pallets.find(({ name }) => name === 'AdminUtils')!.calls)
  const names = calls.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  return [...new Set([...names, ...Object.keys(btcliNames), ...Object.keys(others), 'burn'])].sort()
}

const prefix = 'sudo_set_'

function callOf(runtime: Runtime, { name, value, netuid }: Hyperparameter): Call {
  const names = hyperparameterNames(runtime)
  if (!names.includes(name)) throw new InputError('name', name, `one of ${names.join(', ')}`)
  const [pallet, call] = others[name] ?? ['AdminUtils', `${prefix}${btcliNames[name] ?? name}`]
  const { definition } = runtime.findCall({ pallet, name: call })
  const fields = Object.entries(definition.fields)
  const isOfSubnet = fields[0]?.[0] === 'netuid'
  if (isOfSubnet && netuid === undefined) throw new InputError('netuid', undefined, `${name} is a subnet's: say which`)
  if (!isOfSubnet && netuid !== undefined) {
    throw new InputError('netuid', netuid, `${name} is a value of the whole chain: leave the subnet out`)
  }
  const own = isOfSubnet ? fields.slice(1) : fields
  const values = own.length === 1 ? [value] : Array.isArray(value) ? value : []
  if (values.length !== own.length) {
    throw new InputError(name, value, `give a list: ${own.map(([field]) => field).join(', ')}`)
  }
  const args = own.map(([field, type], i) => [field, argumentOf(type, values[i], `${name} ${field}`)] as const)
  return { pallet, name: call, args: Object.fromEntries(isOfSubnet ? [['netuid', netuid] as const, ...args] : args) }
}

/** A value of the type's form may still be out of its range. @throws InputError */
function argumentOf(type: AnyType, json: unknown, field: string): unknown {
  const value = fromJson(type, json, field)
  try {
    encode(type, value)
  } catch (error) {
    throw new InputError(field, json, messageOf(error), { cause: error })
  }
  return value
}

function setBurn(node: LocalNode, netuid: number | undefined, value: unknown): void {
  if (netuid === undefined) throw new InputError('netuid', undefined, "burn is a subnet's: say which")
  const rao = argumentOf(storage.Burn.value, value, 'burn') as bigint
  node.edit(({ state }) => state.set(storage.Burn, [netuid], rao))
}
