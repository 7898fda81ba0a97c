import { errorsOf } from '../../pallet.ts'

/** Names and indices: facts: subtensor-metadata-424.json. */
export const errorIndices = {
  SubnetDoesNotExist: 0,
  MaxValidatorsLargerThanMaxUIds: 1,
  MaxAllowedUIdsLessThanCurrentUIds: 2,
  BondsMovingAverageMaxReached: 3,
  NegativeSigmoidSteepness: 4,
  ValueNotInBounds: 5,
  MinAllowedUidsGreaterThanCurrentUids: 6,
  MinAllowedUidsGreaterThanMaxAllowedUids: 7,
  MaxAllowedUidsLessThanMinAllowedUids: 8,
  MaxAllowedUidsGreaterThanDefaultMaxAllowedUids: 9,
  InvalidValue: 10,
  NotPermittedOnRootSubnet: 11,
  POWRegistrationDisabled: 12,
  Deprecated: 13,
} as const

export const errors = errorsOf('AdminUtils', 19, errorIndices)
