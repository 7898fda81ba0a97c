import { events } from './events.ts'
import { storage } from './storage.ts'

/** Parameters of a subnet whose every change deposits an event of SubtensorModule, by storage name. */
export const subnetParameters = {
  ServingRateLimit: { item: storage.ServingRateLimit, event: events.ServingRateLimitSet },
  MinDifficulty: { item: storage.MinDifficulty, event: events.MinDifficultySet },
  MaxDifficulty: { item: storage.MaxDifficulty, event: events.MaxDifficultySet },
  Difficulty: { item: storage.Difficulty, event: events.DifficultySet },
  WeightsVersionKey: { item: storage.WeightsVersionKey, event: events.WeightsVersionKeySet },
  WeightsSetRateLimit: { item: storage.WeightsSetRateLimit, event: events.WeightsSetRateLimitSet },
  AdjustmentInterval: { item: storage.AdjustmentInterval, event: events.AdjustmentIntervalSet },
  AdjustmentAlpha: { item: storage.AdjustmentAlpha, event: events.AdjustmentAlphaSet },
  ImmunityPeriod: { item: storage.ImmunityPeriod, event: events.ImmunityPeriodSet },
  MinAllowedWeights: { item: storage.MinAllowedWeights, event: events.MinAllowedWeightSet },
  MaxAllowedUids: { item: storage.MaxAllowedUids, event: events.MaxAllowedUidsSet },
  MinAllowedUids: { item: storage.MinAllowedUids, event: events.MinAllowedUidsSet },
  MinNonImmuneUids: { item: storage.MinNonImmuneUids, event: events.MinNonImmuneUidsSet },
  MaxAllowedValidators: { item: storage.MaxAllowedValidators, event: events.MaxAllowedValidatorsSet },
  Kappa: { item: storage.Kappa, event: events.KappaSet },
  Rho: { item: storage.Rho, event: events.RhoSet },
  ActivityCutoff: { item: storage.ActivityCutoff, event: events.ActivityCutoffSet },
  NetworkRegistrationAllowed: { item: storage.NetworkRegistrationAllowed, event: events.RegistrationAllowed },
  TargetRegistrationsPerInterval: {
    item: storage.TargetRegistrationsPerInterval,
    event: events.RegistrationPerIntervalSet,
  },
  MaxRegistrationsPerBlock: { item: storage.MaxRegistrationsPerBlock, event: events.MaxRegistrationsPerBlockSet },
  MinBurn: { item: storage.MinBurn, event: events.MinBurnSet },
  MaxBurn: { item: storage.MaxBurn, event: events.MaxBurnSet },
  BondsMovingAverage: { item: storage.BondsMovingAverage, event: events.BondsMovingAverageSet },
  BondsPenalty: { item: storage.BondsPenalty, event: events.BondsPenaltySet },
  BondsResetOn: { item: storage.BondsResetOn, event: events.BondsResetOnSet },
  CommitRevealWeightsEnabled: { item: storage.CommitRevealWeightsEnabled, event: events.CommitRevealEnabled },
  RevealPeriodEpochs: { item: storage.RevealPeriodEpochs, event: events.CommitRevealPeriodsSet },
  AlphaSigmoidSteepness: { item: storage.AlphaSigmoidSteepness, event: events.AlphaSigmoidSteepnessSet },
  RAORecycledForRegistration: {
    item: storage.RAORecycledForRegistration,
    event: events.RAORecycledForRegistrationSet,
  },
  MinChildkeyTakePerSubnet: { item: storage.MinChildkeyTakePerSubnet, event: events.MinChildKeyTakePerSubnetSet },
  TransferToggle: { item: storage.TransferToggle, event: events.TransferToggle },
} as const
