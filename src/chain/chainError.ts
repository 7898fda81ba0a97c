import { FacultyError } from '../base/errors.ts'

export type ChainFailure =
  | { readonly code: 'timeout'; readonly what: string; readonly afterMs: number }
  | { readonly code: 'disconnected'; readonly endpoints: readonly string[] }
  /** Included in a block, and failed there; both names are the chain's own, e.g. `SubtensorModule.SubnetNotExists`. */
  | { readonly code: 'dispatch'; readonly name: string; readonly call: string }
  /** Refused before it reached a block. `custom` is the number of subtensor's own checks. */
  | { readonly code: 'refused'; readonly reason: string; readonly call: string; readonly custom?: number }
  | { readonly code: 'wrong-chain'; readonly expected: string; readonly found: string }
  | { readonly code: 'not-found'; readonly what: string }
  /** `needed` is the address that may, where one is known. */
  | { readonly code: 'not-permitted'; readonly needed: string }
  /** What is to be bought costs more than the buyer will pay, in rao. */
  | { readonly code: 'too-dear'; readonly price: bigint; readonly limit: bigint }
  | { readonly code: 'rpc'; readonly method: string; readonly reason: string }

export class ChainError extends FacultyError<ChainFailure> {}

/** What to do about the errors that people meet; keyed by the name without its pallet. */
export const mends: Readonly<Record<string, string>> = {
  HotKeyAlreadyRegisteredInSubNet: 'nothing to do: this hotkey has a uid on the subnet already',
  HotKeyNotRegisteredInSubNet: 'register the hotkey first: faculty subnet register',
  HotKeyNotRegisteredInNetwork: 'register the hotkey first: faculty subnet register',
  NotEnoughBalanceToStake: 'fund the coldkey, or give a smaller amount',
  NotEnoughStakeToWithdraw: 'give at most what faculty stake list shows',
  NotEnoughStakeToSetWeights: 'stake to this hotkey until it passes the stake threshold: faculty stake add',
  NeuronNoValidatorPermit: 'permits go to the largest stakes at each epoch: stake more and wait for one epoch',
  SettingWeightsTooFast: 'wait until WeightsSetRateLimit blocks have passed since the last weights',
  CommittingWeightsTooFast: 'wait until WeightsSetRateLimit blocks have passed since the last commit',
  CommitRevealEnabled: 'this subnet takes weights only by commit and reveal',
  CommitRevealDisabled: 'this subnet takes plain weights',
  IncorrectWeightVersionKey: "raise the version key to the subnet's WeightsVersionKey",
  WeightVecLengthIsLow: 'give weights to at least MinAllowedWeights uids',
  RevealTooEarly: 'wait for the epoch of the reveal',
  InvalidRevealRound: 'commit again: the chain has the pulse of this round already',
  ExpiredWeightCommit: 'the reveal epoch is over; commit again',
  NoWeightsCommitFound: 'commit before revealing, from the same hotkey',
  InvalidRevealCommitHashNotMatch: 'reveal exactly the uids, values, salt and version key that were committed',
  SubnetNotExists: 'see faculty subnet list',
  SubtokenDisabled: 'the subnet has not started: its owner runs faculty subnet start',
  CannotAffordLockCost: 'fund the coldkey: creating a subnet locks the cost that faculty subnet create shows',
  NonAssociatedColdKey: 'sign with the coldkey that owns this hotkey',
  TxRateLimitExceeded: 'wait: this setting may change once every few epochs',
  AdminActionProhibitedDuringWeightsWindow:
    'try again right after an epoch: settings are frozen for AdminFreezeWindow blocks before one, always where the tempo is shorter',
  AmountTooLow: 'stake or unstake more than 0.002 TAO at a time',
  SlippageTooHigh: 'allow more slippage, or trade less at a time',
  InsufficientLiquidity: 'the pool is too small for this amount: trade less at a time',
  InvalidIpAddress: 'announce a public address; for local use ::ffff:127.0.0.1',
  ServingRateLimitExceeded: 'wait: an axon may be announced once every ServingRateLimit blocks',
  FirstEmissionBlockNumberAlreadySet: 'nothing to do: the subnet has started already',
  NeedWaitingMoreBlocksToStarCall: 'wait until StartCallDelay blocks have passed since the registration',
  SubNetRegistrationDisabled: 'the subnet does not take registrations now',
  RegistrationPriceLimitExceeded: 'the price has risen above your limit: try again or raise it',
  RequireSudo: 'only the sudo key may do this',
  BadOrigin: "sign with the subnet owner's coldkey (or the sudo key)",
  HotKeyAccountNotExists: 'check the hotkey: the chain has never seen it; registering it on a subnet makes it known',
  RegistrationNotPermittedOnRootSubnet: 'name a subnet other than 0: root has no registration by burn',
  NoNeuronIdAvailable: 'the subnet is full and every neuron is immune: try again later',
  NetworkTxRateLimitExceeded: 'wait: only one subnet may be created every NetworkRateLimit blocks',
  SubnetLimitReached: 'no subnet may be replaced now: try again later',
  SubnetDoesNotExist: 'see faculty subnet list',
  TooManyUnrevealedCommits: 'reveal the commits that are waiting, or let them expire: faculty weights show',
  RateLimitExceeded: 'wait until the rate limit of this call has passed since the last one',
  StakeAmountTooLow: 'stake to this hotkey until it passes the stake threshold: faculty stake add',
  BalanceTooLow: 'fund the coldkey, or give a smaller amount',
  InvalidPort: 'announce a port from 1 to 65535',
  StakeUnavailable: 'part of this stake is locked: give a smaller amount',
  ColdkeySwapAnnounced: 'this coldkey is being swapped for another one and may do nothing else until then',
  NotProxy: 'the account must first add this coldkey as its proxy',
  Unproxyable: 'this call cannot be made through a proxy',
  FundsUnavailable: 'fund the account, or give a smaller amount',
  NotExpendable: 'leave the sender at least the existential deposit, or let it be removed: --allow-death',
  BelowMinimum: 'send at least the existential deposit, 0.0000005 TAO',
  CallFiltered: 'the chain does not allow this call in this place',
}

/** Names of subtensor's own pool refusals. @see facts: subtensor-chain.md, pool rejections */
export const customRefusals: Readonly<Record<number, string>> = {
  0: 'ColdkeySwapAnnounced',
  1: 'StakeAmountTooLow',
  2: 'BalanceTooLow',
  3: 'SubnetNotExists',
  4: 'HotKeyAccountNotExists',
  5: 'NotEnoughStakeToWithdraw',
  6: 'RateLimitExceeded',
  7: 'InsufficientLiquidity',
  8: 'SlippageTooHigh',
  9: 'TransferDisallowed',
  10: 'HotKeyNotRegisteredInNetwork',
  11: 'InvalidIpAddress',
  12: 'ServingRateLimitExceeded',
  13: 'InvalidPort',
  14: 'ZeroMaxAmount',
  15: 'InvalidRevealRound',
  16: 'NoWeightsCommitFound',
  17: 'RevealTooEarly',
  18: 'InputLengthsUnequal',
  19: 'UidNotFound',
  20: 'EvmKeyAssociateRateLimitExceeded',
  21: 'ColdkeySwapDisputed',
  22: 'InvalidRealAccount',
  23: 'ShieldedTransactionMalformed',
  24: 'ShieldedPublicKeyUnknown',
  25: 'NonAssociatedColdKey',
  26: 'DelegateTakeTooLow',
  27: 'DelegateTakeTooHigh',
}
