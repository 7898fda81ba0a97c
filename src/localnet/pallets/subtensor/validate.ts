import { type Call, type CallDefinition, DispatchFailure } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { Fields, FieldValues } from '../../scale/types.ts'
import { storage as drand } from '../drand/storage.ts'
import { commitHash, type Reveal } from './commitHash.ts'
import { commitCalls, isRevealEpoch } from './commits.ts'
import { errorIndices, errors } from './errors.ts'
import { isIntervalFull } from './intervalRegistration.ts'
import { storageIndex } from './mechanisms.ts'
import { passesNetworkRateLimit, registerNetworkCalls } from './registerNetwork.ts'
import { registrationCalls } from './registration.ts'
import { revealCalls, zipReveals } from './reveals.ts'
import { checkAxon, checkPrometheus, servingCalls } from './serving.ts'
import { setWeightsCalls } from './setWeights.ts'
import { storage } from './storage.ts'
import { checkTakeOwner, takeCalls } from './take.ts'
import { timelockedCommitCalls } from './timelockedCommits.ts'
import { hasStakeForWeights, passesWeightsRateLimit, type View } from './weightChecks.ts'

/**
 * What is checked before a signed call is dispatched: in the pool, where a failure keeps the extrinsic out with a
 * number, and again on every dispatch, nested ones too, where it is the call's error.
 *
 * @see facts: subtensor-chain.md, (a) pool rejections, [425]
 */

function requireStake({ state }: View, who: AccountId, netuid: number): void {
  if (!hasStakeForWeights(state, who, netuid)) throw errors.NotEnoughStakeToSetWeights()
}

/** A signer without a uid passes: the call itself tells it that it is not registered. */
function isTooFast(view: View, who: AccountId, netuid: number, mecid: number): boolean {
  const uid = view.state.get(storage.Uids, netuid, who)
  return uid !== undefined && !passesWeightsRateLimit(view, netuid, mecid, uid)
}

function checkCommit(view: View, who: AccountId, netuid: number, mecid: number): void {
  requireStake(view, who, netuid)
  if (view.state.face.rules.poolChecks === 'april') return
  if (isTooFast(view, who, netuid, mecid)) throw errors.CommittingWeightsTooFast()
}

function checkTimelocked(view: View, who: AccountId, { netuid, mecid, round }: Timelocked): void {
  requireStake(view, who, netuid)
  if (round < view.state.get(drand.LastStoredRound)) throw errors.InvalidRevealRound()
  if (view.state.face.rules.poolChecks === 'april') return
  if (isTooFast(view, who, netuid, mecid)) throw errors.CommittingWeightsTooFast()
}

interface Timelocked {
  readonly netuid: number
  readonly mecid: number
  readonly round: bigint
}

function checkSet(view: View, who: AccountId, netuid: number, mecid: number): void {
  requireStake(view, who, netuid)
  if (view.state.get(storage.CommitRevealWeightsEnabled, netuid)) return
  if (view.state.face.rules.poolChecks === 'april') return
  if (isTooFast(view, who, netuid, mecid)) throw errors.SettingWeightsTooFast()
}

function checkReveals(view: View, who: AccountId, netuid: number, mecid: number, reveals: readonly Reveal[]): void {
  requireStake(view, who, netuid)
  const index = storageIndex(netuid, mecid)
  const commits = view.state.get(storage.WeightCommits, index, who)
  if (commits === undefined) throw errors.NoWeightsCommitFound()
  for (const reveal of reveals) {
    const hash = commitHash(who, index, reveal)
    const commit = commits.find(([candidate]) => candidate === hash)
    if (commit === undefined) throw errors.NoWeightsCommitFound()
    if (!isRevealEpoch(view, netuid, commit[1])) throw errors.RevealTooEarly()
  }
}

function checkBatch(view: View, who: AccountId, netuids: readonly number[], lengths: readonly number[]): void {
  if (lengths.some((length) => length !== netuids.length)) throw errors.InputLengthsUnequal()
  for (const netuid of netuids) requireStake(view, who, netuid)
}

function checkTake({ state }: View, who: AccountId, { hotkey, take }: { hotkey: AccountId; take: number }): void {
  if (take < state.get(storage.MinDelegateTake)) throw errors.DelegateTakeTooLow()
  if (take > state.get(storage.MaxDelegateTake)) throw errors.DelegateTakeTooHigh()
  checkTakeOwner(state, who, hotkey)
}

/** Only release 393 has intervals for subnets other than root. */
function checkInterval({ state }: View, netuid: number): void {
  const { poolChecks, registration } = state.face.rules
  if (poolChecks === 'june' || registration === 'halfLife' || netuid === 0) return
  if (isIntervalFull(state, netuid)) throw errors.TooManyRegistrationsThisInterval()
}

type Check = (view: View, who: AccountId, args: Readonly<Record<string, unknown>>) => void

/** The arguments of a call have been decoded by its own definition, so they have its types. */
function check<F extends Fields>(
  _definition: CallDefinition<F>,
  run: (view: View, who: AccountId, args: FieldValues<F>) => void,
): Check {
  return (view, who, args) => run(view, who, args as FieldValues<F>)
}

const checks: Readonly<Record<string, Check>> = {
  set_weights: check(setWeightsCalls.set_weights, (view, who, { netuid }) => checkSet(view, who, netuid, 0)),
  set_mechanism_weights: check(setWeightsCalls.set_mechanism_weights, (view, who, { netuid, mecid }) =>
    checkSet(view, who, netuid, mecid),
  ),
  batch_set_weights: check(setWeightsCalls.batch_set_weights, (view, who, { netuids, weights, version_keys }) =>
    checkBatch(view, who, netuids, [weights.length, version_keys.length]),
  ),
  commit_weights: check(commitCalls.commit_weights, (view, who, { netuid }) => checkCommit(view, who, netuid, 0)),
  commit_mechanism_weights: check(commitCalls.commit_mechanism_weights, (view, who, { netuid, mecid }) =>
    checkCommit(view, who, netuid, mecid),
  ),
  batch_commit_weights: check(commitCalls.batch_commit_weights, (view, who, { netuids, commit_hashes }) =>
    checkBatch(view, who, netuids, [commit_hashes.length]),
  ),
  commit_timelocked_weights: check(
    timelockedCommitCalls.commit_timelocked_weights,
    (view, who, { netuid, reveal_round }) => checkTimelocked(view, who, { netuid, mecid: 0, round: reveal_round }),
  ),
  commit_crv3_mechanism_weights: check(
    timelockedCommitCalls.commit_crv3_mechanism_weights,
    (view, who, { netuid, mecid, reveal_round }) => checkTimelocked(view, who, { netuid, mecid, round: reveal_round }),
  ),
  commit_timelocked_mechanism_weights: check(
    timelockedCommitCalls.commit_timelocked_mechanism_weights,
    (view, who, { netuid, mecid, reveal_round }) => checkTimelocked(view, who, { netuid, mecid, round: reveal_round }),
  ),
  reveal_weights: check(revealCalls.reveal_weights, (view, who, { netuid, version_key, ...rest }) =>
    checkReveals(view, who, netuid, 0, [{ ...rest, versionKey: version_key }]),
  ),
  reveal_mechanism_weights: check(
    revealCalls.reveal_mechanism_weights,
    (view, who, { netuid, mecid, version_key, ...rest }) =>
      checkReveals(view, who, netuid, mecid, [{ ...rest, versionKey: version_key }]),
  ),
  batch_reveal_weights: check(revealCalls.batch_reveal_weights, (view, who, { netuid, ...lists }) =>
    checkReveals(view, who, netuid, 0, zipReveals(lists)),
  ),
  register: check(registrationCalls.register, (view, _who, { netuid }) => checkInterval(view, netuid)),
  burned_register: check(registrationCalls.burned_register, (view, _who, { netuid }) => checkInterval(view, netuid)),
  register_network: check(registerNetworkCalls.register_network, ({ state, block }) => {
    if (!passesNetworkRateLimit(state, block)) throw errors.NetworkTxRateLimitExceeded()
  }),
  increase_take: check(takeCalls.increase_take, checkTake),
  decrease_take: check(takeCalls.decrease_take, checkTake),
  serve_axon: check(servingCalls.serve_axon, checkAxon),
  serve_axon_tls: check(servingCalls.serve_axon_tls, checkAxon),
  serve_prometheus: check(servingCalls.serve_prometheus, checkPrometheus),
}

/** Runs the checks of a SubtensorModule call. Names without any pass. @throws DispatchFailure */
export function checkSubtensorCall(
  view: View,
  name: string,
  args: Readonly<Record<string, unknown>>,
  who: AccountId,
): void {
  if (view.state.face.rules.poolChecks === 'april' && !checkedInApril.has(name)) return
  checks[name]?.(view, who, args)
}

/** What the pool looked at before it learnt the others. */
const checkedInApril: ReadonlySet<string> = new Set([
  'set_weights',
  'commit_weights',
  'reveal_weights',
  'batch_reveal_weights',
  'commit_timelocked_weights',
  'register',
  'burned_register',
  'register_network',
  'serve_axon',
])

const badRequest = 255

/** Module error → number in `Custom error: N`. */
const poolCodes: Readonly<Partial<Record<keyof typeof errorIndices, number>>> = {
  NotEnoughStakeToSetWeights: 1,
  HotKeyAccountNotExists: 4,
  SettingWeightsTooFast: 6,
  CommittingWeightsTooFast: 6,
  NetworkTxRateLimitExceeded: 6,
  TooManyRegistrationsThisInterval: 6,
  HotKeyNotRegisteredInNetwork: 10,
  InvalidIpAddress: 11,
  ServingRateLimitExceeded: 12,
  InvalidPort: 13,
  InvalidRevealRound: 15,
  NoWeightsCommitFound: 16,
  RevealTooEarly: 17,
  InputLengthsUnequal: 18,
  NonAssociatedColdKey: 25,
  DelegateTakeTooLow: 26,
  DelegateTakeTooHigh: 27,
}

const codeByIndex: ReadonlyMap<number, number> = new Map(
  Object.entries(poolCodes).map(([name, code]) => [errorIndices[name as keyof typeof errorIndices], code]),
)

/** In release 393 the pool itself knows who may stake and burn. */
function isBadBurner({ state }: View, { name, args }: Call, who: AccountId): boolean {
  if (state.face.rules.stakeBurns === 'anyone' || name !== 'add_stake_burn') return false
  return state.get(storage.SubnetOwner, (args as { netuid: number }).netuid) !== who
}

/**
 * The pool's answer to the outermost call of a signed extrinsic.
 *
 * @param view state of the best block, and the number of the block that the extrinsic would be in (best + 1)
 * @returns the N of `Custom error: N`, `BadSigner`, or `undefined` where nothing speaks against the call
 */
export function validateSubtensorCall(
  view: View,
  call: Call,
  who: AccountId,
): { readonly code: number | 'BadSigner' } | undefined {
  if (call.pallet !== 'SubtensorModule') return undefined
  if (isBadBurner(view, call, who)) return { code: 'BadSigner' }
  try {
    checkSubtensorCall(view, call.name, call.args, who)
    return undefined
  } catch (error) {
    if (!(error instanceof DispatchFailure) || error.failure.error.type !== 'Module') throw error
    return { code: codeByIndex.get(error.failure.error[0].error[0]!) ?? badRequest }
  }
}
