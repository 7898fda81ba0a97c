import { type ConstantDefinition, constant } from '../../pallet.ts'
import { taoBalance } from '../../scale/chainTypes.ts'
import { byteArray, type ScaleType, u8, u16, u32, u64, wrapper } from '../../scale/types.ts'
import type { StorageItem } from '../../storage.ts'
import { storage } from './storage.ts'
import { keySwapCost, keySwapOnSubnetCost, subnetSwapBlocks } from './swapHotkey.ts'
import { activityCutoffFactorBounds, tempoBounds } from './tempoControl.ts'
import { mostImmunePercent } from './trimUids.ts'

/** A subnet's least price must stay below this. */
export const minBurnUpperBound = 1_000_000_000n
/** A subnet's greatest price must stay above this. */
export const maxBurnLowerBound = 100_000_000n

/** A constant that is the default of a storage item, so that the two cannot part. */
function initial<V>(item: StorageItem<readonly unknown[], V>): ConstantDefinition {
  return constant(item.value as ScaleType<V>, item.fallback)
}

export const constants: Readonly<Record<string, ConstantDefinition>> = {
  InitialIssuance: initial(storage.TotalIssuance),
  InitialMinAllowedWeights: initial(storage.MinAllowedWeights),
  InitialTempo: initial(storage.Tempo),
  InitialDifficulty: initial(storage.Difficulty),
  InitialMaxDifficulty: initial(storage.MaxDifficulty),
  InitialMinDifficulty: initial(storage.MinDifficulty),
  InitialRAORecycledForRegistration: initial(storage.RAORecycledForRegistration),
  InitialBurn: initial(storage.Burn),
  InitialMaxBurn: initial(storage.MaxBurn),
  InitialMinBurn: initial(storage.MinBurn),
  InitialMinStake: constant(taoBalance, 2_000_000n),
  MinBurnUpperBound: constant(taoBalance, minBurnUpperBound),
  MaxBurnLowerBound: constant(taoBalance, maxBurnLowerBound),
  MinTempo: constant(u16, tempoBounds.least),
  MaxTempo: constant(u16, tempoBounds.most),
  MinActivityCutoffFactorMilli: constant(u32, activityCutoffFactorBounds.least),
  MaxActivityCutoffFactorMilli: constant(u32, activityCutoffFactorBounds.most),
  InitialAdjustmentInterval: initial(storage.AdjustmentInterval),
  InitialBondsMovingAverage: initial(storage.BondsMovingAverage),
  InitialBondsPenalty: initial(storage.BondsPenalty),
  InitialBondsResetOn: initial(storage.BondsResetOn),
  InitialTargetRegistrationsPerInterval: initial(storage.TargetRegistrationsPerInterval),
  InitialRho: initial(storage.Rho),
  InitialAlphaSigmoidSteepness: initial(storage.AlphaSigmoidSteepness),
  InitialKappa: initial(storage.Kappa),
  InitialMinAllowedUids: initial(storage.MinAllowedUids),
  InitialMaxAllowedUids: initial(storage.MaxAllowedUids),
  InitialImmunityPeriod: initial(storage.ImmunityPeriod),
  InitialActivityCutoff: initial(storage.ActivityCutoff),
  InitialMaxRegistrationsPerBlock: initial(storage.MaxRegistrationsPerBlock),
  InitialMaxAllowedValidators: initial(storage.MaxAllowedValidators),
  InitialDefaultDelegateTake: initial(storage.Delegates),
  InitialMinDelegateTake: initial(storage.MinDelegateTake),
  InitialDefaultChildKeyTake: initial(storage.ChildkeyTake),
  InitialMinChildKeyTake: initial(storage.MinChildkeyTake),
  InitialMaxChildKeyTake: initial(storage.MaxChildkeyTake),
  InitialTxChildKeyTakeRateLimit: initial(storage.TxChildkeyTakeRateLimit),
  InitialNetworkImmunityPeriod: initial(storage.NetworkImmunityPeriod),
  KeySwapCost: constant(taoBalance, keySwapCost),
  KeySwapOnSubnetCost: constant(taoBalance, keySwapOnSubnetCost),
  HotkeySwapOnSubnetInterval: constant(u64, (build) => subnetSwapBlocks({ build })),
  InitialWeightsVersionKey: initial(storage.WeightsVersionKey),
  InitialServingRateLimit: initial(storage.ServingRateLimit),
  InitialTxRateLimit: initial(storage.TxRateLimit),
  InitialTxDelegateTakeRateLimit: initial(storage.TxDelegateTakeRateLimit),
  InitialAdjustmentAlpha: initial(storage.AdjustmentAlpha),
  InitialNetworkMinLockCost: initial(storage.NetworkMinLockCost),
  InitialSubnetOwnerCut: initial(storage.SubnetOwnerCut),
  InitialNetworkLockReductionInterval: initial(storage.NetworkLockReductionInterval),
  InitialNetworkRateLimit: initial(storage.NetworkRateLimit),
  AlphaHigh: constant(u16, storage.AlphaValues.fallback('normal')[1]),
  AlphaLow: constant(u16, storage.AlphaValues.fallback('normal')[0]),
  LiquidAlphaOn: initial(storage.LiquidAlphaOn),
  Yuma3On: initial(storage.Yuma3On),
  InitialTaoWeight: initial(storage.TaoWeight),
  InitialEmaPriceHalvingPeriod: initial(storage.EMAPriceHalvingBlocks),
  InitialStartCallDelay: initial(storage.StartCallDelay),
  SubtensorPalletId: constant(
    wrapper('frame_support::PalletId', byteArray(8)),
    Uint8Array.from(Buffer.from('subtensr')),
  ),
  MaxImmuneUidsPercentage: constant(wrapper('sp_arithmetic::per_things::Percent', u8), Number(mostImmunePercent)),
  InitialMaxEpochsPerBlock: initial(storage.MaxEpochsPerBlock),
}
