import { accountId, alphaBalance, netUid, taoBalance } from '../../../scale/chainTypes.ts'
import { bool, i64, u16, u64, u128 } from '../../../scale/types.ts'
import { blake2, identity, map, value } from '../../../storage.ts'
import { i96f32, recycleOrBurn, u96f32 } from '../types.ts'

/** The pools of each subnet and what flows into and out of them. */
export const emissionItems = {
  BlockEmission: value(u64, 1_000_000_000n),
  SubnetTAO: map([identity(netUid)], taoBalance, 0n),
  SubnetAlphaIn: map([identity(netUid)], alphaBalance, 0n),
  SubnetAlphaOut: map([identity(netUid)], alphaBalance, 0n),
  SubnetProtocolAlpha: map([identity(netUid)], alphaBalance, 0n),
  SubnetVolume: map([identity(netUid)], u128, 0n),
  SubnetTaoFlow: map([identity(netUid)], i64, 0n),
  SubnetTaoInEmission: map([identity(netUid)], taoBalance, 0n),
  SubnetAlphaInEmission: map([identity(netUid)], alphaBalance, 0n),
  SubnetAlphaOutEmission: map([identity(netUid)], alphaBalance, 0n),
  SubnetExcessTao: map([identity(netUid)], taoBalance, 0n),
  SubnetRootSellTao: map([identity(netUid)], taoBalance, 0n),
  SubnetEmissionEnabled: map([identity(netUid)], bool, true),
  /** 0.000003 */
  SubnetMovingAlpha: value(i96f32, 12_885n),
  SubnetMovingPrice: map([identity(netUid)], i96f32, 0n),
  EMAPriceHalvingBlocks: map([identity(netUid)], u64, 201_600n),
  RootProp: map([identity(netUid)], u96f32, 0n),
  SubnetOwnerCut: value(u16, 11_796),
  OwnerCutEnabled: map([identity(netUid)], bool, true),
  PendingServerEmission: map([identity(netUid)], alphaBalance, 0n),
  PendingValidatorEmission: map([identity(netUid)], alphaBalance, 0n),
  PendingRootAlphaDivs: map([identity(netUid)], alphaBalance, 0n),
  PendingOwnerCut: map([identity(netUid)], alphaBalance, 0n),
  AlphaDividendsPerSubnet: map([identity(netUid), blake2(accountId)], alphaBalance, 0n),
  RootAlphaDividendsPerSubnet: map([identity(netUid), blake2(accountId)], alphaBalance, 0n),
  RecycleOrBurn: map([identity(netUid)], recycleOrBurn, { type: 'Burn' }),
  MinerBurned: map([identity(netUid)], u96f32, 0n),
}
