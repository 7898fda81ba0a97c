/**
 * Every error of each pallet that we serve, in the order of its index, raised by us or not. Some clients (the Python
 * substrate interface) look errors up by their place in the list, so metadata can leave none out.
 *
 * @see facts: subtensor-metadata-424.json, subtensor-metadata.json
 */
export type ErrorNames = Readonly<Record<string, readonly string[]>>

const names = (text: string): readonly string[] => text.trim().split(/\s+/)

export const errorNames424: ErrorNames = {
  System: names(`
    InvalidSpecName SpecVersionNeedsToIncrease FailedToExtractRuntimeVersion NonDefaultComposite NonZeroRefCount
    CallFiltered MultiBlockMigrationsOngoing NothingAuthorized Unauthorized
  `),
  Balances: names(`
    VestingBalance LiquidityRestrictions InsufficientBalance ExistentialDeposit Expendability
    ExistingVestingSchedule DeadAccount TooManyReserves TooManyHolds TooManyFreezes IssuanceDeactivated DeltaZero
  `),
  SubtensorModule: names(`
    RootNetworkDoesNotExist InvalidIpType InvalidIpAddress InvalidPort HotKeyNotRegisteredInSubNet
    HotKeyAccountNotExists HotKeyNotRegisteredInNetwork NonAssociatedColdKey NotEnoughStake NotEnoughStakeToWithdraw
    NotEnoughStakeToSetWeights NotEnoughStakeToSetChildkeys NotEnoughBalanceToStake BalanceWithdrawalError
    ZeroBalanceAfterWithdrawn NeuronNoValidatorPermit WeightVecNotEqualSize DuplicateUids UidVecContainInvalidOne
    WeightVecLengthIsLow TooManyRegistrationsThisBlock HotKeyAlreadyRegisteredInSubNet NewHotKeyIsSameWithOld
    NewHotKeyNotCleanForRootSwap InvalidWorkBlock InvalidDifficulty InvalidSeal MaxWeightExceeded
    HotKeyAlreadyDelegate SettingWeightsTooFast IncorrectWeightVersionKey ServingRateLimitExceeded
    UidsLengthExceedUidsInSubNet NetworkTxRateLimitExceeded DelegateTxRateLimitExceeded HotKeySetTxRateLimitExceeded
    StakingRateLimitExceeded SubNetRegistrationDisabled TooManyRegistrationsThisInterval
    TransactorAccountShouldBeHotKey FaucetDisabled NotSubnetOwner RegistrationNotPermittedOnRootSubnet
    StakeTooLowForRoot AllNetworksInImmunity NotEnoughBalanceToPaySwapHotKey NotRootSubnet
    CanNotSetRootNetworkWeights NoNeuronIdAvailable DelegateTakeTooLow DelegateTakeTooHigh NoWeightsCommitFound
    InvalidRevealCommitHashNotMatch CommitRevealEnabled CommitRevealDisabled LiquidAlphaDisabled AlphaHighTooLow
    AlphaLowOutOfRange ColdKeyAlreadyAssociated NotEnoughBalanceToPaySwapColdKey InvalidChild DuplicateChild
    ProportionOverflow TooManyChildren TxRateLimitExceeded ColdkeySwapAnnouncementNotFound ColdkeySwapTooEarly
    ColdkeySwapReannouncedTooEarly AnnouncedColdkeyHashDoesNotMatch ColdkeySwapAlreadyDisputed NewColdKeyIsHotkey
    InvalidChildkeyTake TxChildkeyTakeRateLimitExceeded InvalidIdentity MechanismDoesNotExist StakeUnavailable
    SubnetNotExists TooManyUnrevealedCommits ExpiredWeightCommit RevealTooEarly InputLengthsUnequal
    CommittingWeightsTooFast AmountTooLow InsufficientLiquidity SlippageTooHigh TransferDisallowed
    ActivityCutoffTooLow CallDisabled FirstEmissionBlockNumberAlreadySet NeedWaitingMoreBlocksToStarCall
    NotEnoughAlphaOutToRecycle CannotBurnOrRecycleOnRootSubnet UnableToRecoverPublicKey InvalidRecoveredPublicKey
    SubtokenDisabled HotKeySwapOnSubnetIntervalNotPassed SameNetuid InsufficientBalance InvalidLeaseBeneficiary
    LeaseCannotEndInThePast LeaseNetuidNotFound LeaseDoesNotExist LeaseHasNoEndBlock LeaseHasNotEnded Overflow
    BeneficiaryDoesNotOwnHotkey ExpectedBeneficiaryOrigin AdminActionProhibitedDuringWeightsWindow
    SymbolDoesNotExist SymbolAlreadyInUse IncorrectCommitRevealVersion InvalidRevealRound RevealPeriodTooLarge
    RevealPeriodTooSmall InvalidValue SubnetLimitReached CannotAffordLockCost EvmKeyAssociateRateLimitExceeded
    SameAutoStakeHotkeyAlreadySet UidMapCouldNotBeCleared TrimmingWouldExceedMaxImmunePercentage
    ChildParentInconsistency InvalidNumRootClaim InvalidRootClaimThreshold InvalidSubnetNumber
    TooManyUIDsPerMechanism VotingPowerTrackingNotEnabled InvalidVotingPowerEmaAlpha Deprecated
    AddStakeBurnRateLimitExceeded ColdkeySwapAnnounced ColdkeySwapDisputed ColdkeySwapClearTooEarly
    DisabledTemporarily RegistrationPriceLimitExceeded LockHotkeyMismatch InsufficientStakeForLock NoExistingLock
    ActiveLockExists CannotUseSystemAccount UnlockAmountTooHigh TempoOutOfBounds
    ActivityCutoffFactorMilliOutOfBounds EpochTriggerAlreadyPending AutoEpochAlreadyImminent
    DynamicTempoBlockedByCommitReveal AccountRejectsLockedAlpha
  `),
  Utility: names(`
    TooManyCalls InvalidDerivedAccount
  `),
  Sudo: names(`
    RequireSudo
  `),
  Multisig: names(`
    MinimumThreshold AlreadyApproved NoApprovalsNeeded TooFewSignatories TooManySignatories SignatoriesOutOfOrder
    SenderInSignatories NotFound NotOwner NoTimepoint WrongTimepoint UnexpectedTimepoint MaxWeightTooLow
    AlreadyStored
  `),
  Proxy: names(`
    TooMany NotFound NotProxy Unproxyable Duplicate NoPermission Unannounced NoSelfProxy
    AnnouncementDepositInvariantViolated InvalidDerivedAccountId
  `),
  Commitments: names(`
    TooManyFieldsInCommitmentInfo AccountNotAllowedCommit SpaceLimitExceeded UnexpectedUnreserveLeftover
  `),
  AdminUtils: names(`
    SubnetDoesNotExist MaxValidatorsLargerThanMaxUIds MaxAllowedUIdsLessThanCurrentUIds BondsMovingAverageMaxReached
    NegativeSigmoidSteepness ValueNotInBounds MinAllowedUidsGreaterThanCurrentUids
    MinAllowedUidsGreaterThanMaxAllowedUids MaxAllowedUidsLessThanMinAllowedUids
    MaxAllowedUidsGreaterThanDefaultMaxAllowedUids InvalidValue NotPermittedOnRootSubnet POWRegistrationDisabled
    Deprecated
  `),
  Drand: names(`
    NoneValue StorageOverflow DrandConnectionFailure UnverifiedPulse InvalidRoundNumber PulseVerificationError
  `),
  Swap: names(`
    FeeRateTooHigh InsufficientInputAmount InsufficientLiquidity PriceLimitExceeded InsufficientBalance
    InvalidTickRange InvalidLiquidityValue ReservesTooLow MechanismDoesNotExist SubtokenDisabled
    ReservesOutOfBalance SwapInputTooLarge Deprecated
  `),
  MevShield: names(`
    BadEncKeyLen Unreachable TooManyPendingExtrinsics WeightExceedsAbsoluteMax
  `),
}

export const errorNames393: ErrorNames = {
  ...errorNames424,
  SubtensorModule: names(`
    RootNetworkDoesNotExist InvalidIpType InvalidIpAddress InvalidPort HotKeyNotRegisteredInSubNet
    HotKeyAccountNotExists HotKeyNotRegisteredInNetwork NonAssociatedColdKey NotEnoughStake NotEnoughStakeToWithdraw
    NotEnoughStakeToSetWeights NotEnoughStakeToSetChildkeys NotEnoughBalanceToStake BalanceWithdrawalError
    ZeroBalanceAfterWithdrawn NeuronNoValidatorPermit WeightVecNotEqualSize DuplicateUids UidVecContainInvalidOne
    WeightVecLengthIsLow TooManyRegistrationsThisBlock HotKeyAlreadyRegisteredInSubNet NewHotKeyIsSameWithOld
    InvalidWorkBlock InvalidDifficulty InvalidSeal MaxWeightExceeded HotKeyAlreadyDelegate SettingWeightsTooFast
    IncorrectWeightVersionKey ServingRateLimitExceeded UidsLengthExceedUidsInSubNet NetworkTxRateLimitExceeded
    DelegateTxRateLimitExceeded HotKeySetTxRateLimitExceeded StakingRateLimitExceeded SubNetRegistrationDisabled
    TooManyRegistrationsThisInterval TransactorAccountShouldBeHotKey FaucetDisabled NotSubnetOwner
    RegistrationNotPermittedOnRootSubnet StakeTooLowForRoot AllNetworksInImmunity NotEnoughBalanceToPaySwapHotKey
    NotRootSubnet CanNotSetRootNetworkWeights NoNeuronIdAvailable DelegateTakeTooLow DelegateTakeTooHigh
    NoWeightsCommitFound InvalidRevealCommitHashNotMatch CommitRevealEnabled CommitRevealDisabled
    LiquidAlphaDisabled AlphaHighTooLow AlphaLowOutOfRange ColdKeyAlreadyAssociated NotEnoughBalanceToPaySwapColdKey
    InvalidChild DuplicateChild ProportionOverflow TooManyChildren TxRateLimitExceeded
    ColdkeySwapAnnouncementNotFound ColdkeySwapTooEarly ColdkeySwapReannouncedTooEarly
    AnnouncedColdkeyHashDoesNotMatch ColdkeySwapAlreadyDisputed NewColdKeyIsHotkey InvalidChildkeyTake
    TxChildkeyTakeRateLimitExceeded InvalidIdentity MechanismDoesNotExist CannotUnstakeLock SubnetNotExists
    TooManyUnrevealedCommits ExpiredWeightCommit RevealTooEarly InputLengthsUnequal CommittingWeightsTooFast
    AmountTooLow InsufficientLiquidity SlippageTooHigh TransferDisallowed ActivityCutoffTooLow CallDisabled
    FirstEmissionBlockNumberAlreadySet NeedWaitingMoreBlocksToStarCall NotEnoughAlphaOutToRecycle
    CannotBurnOrRecycleOnRootSubnet UnableToRecoverPublicKey InvalidRecoveredPublicKey SubtokenDisabled
    HotKeySwapOnSubnetIntervalNotPassed ZeroMaxStakeAmount SameNetuid InsufficientBalance
    StakingOperationRateLimitExceeded InvalidLeaseBeneficiary LeaseCannotEndInThePast LeaseNetuidNotFound
    LeaseDoesNotExist LeaseHasNoEndBlock LeaseHasNotEnded Overflow BeneficiaryDoesNotOwnHotkey
    ExpectedBeneficiaryOrigin AdminActionProhibitedDuringWeightsWindow SymbolDoesNotExist SymbolAlreadyInUse
    IncorrectCommitRevealVersion RevealPeriodTooLarge RevealPeriodTooSmall InvalidValue SubnetLimitReached
    CannotAffordLockCost EvmKeyAssociateRateLimitExceeded SameAutoStakeHotkeyAlreadySet UidMapCouldNotBeCleared
    TrimmingWouldExceedMaxImmunePercentage ChildParentInconsistency InvalidNumRootClaim InvalidRootClaimThreshold
    InvalidSubnetNumber TooManyUIDsPerMechanism VotingPowerTrackingNotEnabled InvalidVotingPowerEmaAlpha
    PrecisionLoss Deprecated AddStakeBurnRateLimitExceeded ColdkeySwapAnnounced ColdkeySwapDisputed
    ColdkeySwapClearTooEarly DisabledTemporarily
  `),
  AdminUtils: names(`
    SubnetDoesNotExist MaxValidatorsLargerThanMaxUIds MaxAllowedUIdsLessThanCurrentUIds BondsMovingAverageMaxReached
    NegativeSigmoidSteepness ValueNotInBounds MinAllowedUidsGreaterThanCurrentUids
    MinAllowedUidsGreaterThanMaxAllowedUids MaxAllowedUidsLessThanMinAllowedUids
    MaxAllowedUidsGreaterThanDefaultMaxAllowedUids InvalidValue
  `),
  Swap: names(`
    FeeRateTooHigh InsufficientInputAmount InsufficientLiquidity PriceLimitExceeded InsufficientBalance
    LiquidityNotFound InvalidTickRange MaxPositionsExceeded TooManySwapSteps InvalidLiquidityValue ReservesTooLow
    MechanismDoesNotExist UserLiquidityDisabled SubtokenDisabled
  `),
  MevShield: names(`
    BadEncKeyLen Unreachable
  `),
}
