import { accountId, dispatchError, h256 } from '../../scale/chainTypes.ts'
import { result } from '../../scale/collections.ts'
import { struct, u32, unit, type ValueOf, variant, variantCase } from '../../scale/types.ts'

/** What a delegate may do for an account. See `filters.ts`. */
export const proxyType = variant('subtensor_runtime_common::ProxyType', {
  Any: variantCase(0, {}),
  Owner: variantCase(1, {}),
  NonCritical: variantCase(2, {}),
  NonTransfer: variantCase(3, {}),
  Senate: variantCase(4, {}),
  NonFungible: variantCase(5, {}),
  Triumvirate: variantCase(6, {}),
  Governance: variantCase(7, {}),
  Staking: variantCase(8, {}),
  Registration: variantCase(9, {}),
  Transfer: variantCase(10, {}),
  SmallTransfer: variantCase(11, {}),
  RootWeights: variantCase(12, {}),
  ChildKeys: variantCase(13, {}),
  SudoUncheckedSetCode: variantCase(14, {}),
  SwapHotkey: variantCase(15, {}),
  SubnetLeaseBeneficiary: variantCase(16, {}),
  RootClaim: variantCase(17, {}),
})
export type ProxyType = ValueOf<typeof proxyType>
export type ProxyTypeName = ProxyType['type']

export const proxyDefinition = struct('pallet_subtensor_proxy::ProxyDefinition', {
  delegate: accountId,
  proxy_type: proxyType,
  /** Blocks between an announcement and its call; 0 lets the delegate call without announcing. */
  delay: u32,
})
export type ProxyDefinition = ValueOf<typeof proxyDefinition>

export const announcement = struct('pallet_subtensor_proxy::Announcement', {
  real: accountId,
  call_hash: h256,
  /** Block of the announcement. */
  height: u32,
})
export type Announcement = ValueOf<typeof announcement>

export const depositKind = variant('pallet_subtensor_proxy::DepositKind', {
  Proxies: variantCase(0, {}),
  Announcements: variantCase(1, {}),
})

/** How the call of a proxy or of a multisig account ended. */
export const callResult = result(unit, dispatchError)
