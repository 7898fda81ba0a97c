import { call, signer } from '../../pallet.ts'
import { netUid } from '../../scale/chainTypes.ts'
import type { ValueOf } from '../../scale/types.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { subnetExists } from './mechanisms.ts'
import { storage } from './storage.ts'
import { type chainIdentity, chainIdentityFields, type subnetIdentity, subnetIdentityFields } from './types.ts'

type Texts = Readonly<Record<string, Uint8Array>>

function areWithin(texts: Texts, limits: Readonly<Record<string, number>>, otherwise: number): boolean {
  return Object.entries(texts).every(([name, text]) => text.length <= (limits[name] ?? otherwise))
}

const chainIdentityLimits = { name: 256, url: 256, github_repo: 256, discord: 256 }
const subnetIdentityLimits = { subnet_name: 256, discord: 256 }
const otherLimit = 1024
const subnetHeadLimit = 7168

export function isValidIdentity(identity: ValueOf<typeof chainIdentity>): boolean {
  return areWithin(identity, chainIdentityLimits, otherLimit)
}

export function isValidSubnetIdentity(identity: ValueOf<typeof subnetIdentity>): boolean {
  const head = identity.subnet_name.length + identity.github_repo.length + identity.subnet_contact.length
  return head <= subnetHeadLimit && areWithin(identity, subnetIdentityLimits, otherLimit)
}

/** @see facts: subtensor-chain.md, (d) keys and identities */
export const identityCalls = {
  set_identity: call(68, chainIdentityFields, (context, identity) => {
    const { state } = context
    const coldkey = signer(context)
    const isRegistered = state
      .get(storage.OwnedHotkeys, coldkey)
      .some((hotkey) => [...state.entries(storage.IsNetworkMember, hotkey)].some(([, isMember]) => isMember))
    if (!isRegistered) throw errors.HotKeyNotRegisteredInNetwork()
    if (!isValidIdentity(identity)) throw errors.InvalidIdentity()
    state.set(storage.IdentitiesV2, [coldkey], identity)
    context.emit(events.ChainIdentitySet, { 0: coldkey })
  }),
  set_subnet_identity: call(78, { netuid: netUid, ...subnetIdentityFields }, (context, { netuid, ...identity }) => {
    const { state } = context
    const coldkey = signer(context)
    if (!subnetExists(state, netuid)) throw errors.SubnetNotExists()
    if (state.get(storage.SubnetOwner, netuid) !== coldkey) throw errors.NotSubnetOwner()
    if (!isValidSubnetIdentity(identity)) throw errors.InvalidIdentity()
    state.set(storage.SubnetIdentitiesV3, [netuid], identity)
    context.emit(events.SubnetIdentitySet, { 0: netuid })
  }),
}
