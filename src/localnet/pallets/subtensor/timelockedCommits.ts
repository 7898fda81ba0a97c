import { blake2b } from '@noble/hashes/blake2.js'
import { type CallContext, call, signer } from '../../pallet.ts'
import { type AccountId, mechId, netUid } from '../../scale/chainTypes.ts'
import { u16, u64 } from '../../scale/types.ts'
import { requireCommitReveal } from './commits.ts'
import { timelockEpochAt } from './epochTiming.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { requireMechanism, storageIndex } from './mechanisms.ts'
import { timelockedCommit } from './storage/weights.ts'
import { storage } from './storage.ts'
import { setLastUpdate } from './uids.ts'
import { passesWeightsRateLimit, type View } from './weightChecks.ts'

const mostInAnEpoch = 10

interface TimelockedCommit {
  readonly netuid: number
  readonly mecid: number
  readonly commit: Uint8Array
  readonly round: bigint
  readonly version: number
}

/** @see facts: subtensor-chain.md, (d) timelocked commit-reveal */
function commitTimelocked(context: CallContext, { netuid, mecid, commit, round, version }: TimelockedCommit): void {
  const { state, block } = context
  requireMechanism(state, netuid, mecid)
  const index = storageIndex(netuid, mecid)
  const hotkey = signer(context)
  requireCommitReveal(state, netuid)
  if (version !== state.get(storage.CommitRevealWeightsVersion)) throw errors.IncorrectCommitRevealVersion()
  const uid = state.get(storage.Uids, netuid, hotkey)
  if (uid === undefined) throw errors.HotKeyNotRegisteredInSubNet()
  if (!passesWeightsRateLimit(context, netuid, mecid, uid)) throw errors.CommittingWeightsTooFast()
  const epoch = timelockEpochAt(state, netuid, block)
  const queue = state.get(storage.TimelockedWeightCommits, index, epoch)
  if (queue.filter(([who]) => who === hotkey).length >= mostInAnEpoch) throw errors.TooManyUnrevealedCommits()
  state.set(storage.TimelockedWeightCommits, [index, epoch], [...queue, [hotkey, BigInt(block), commit, round]])
  const hash = `0x${Buffer.from(blake2b(commit, { dkLen: 32 })).toString('hex')}` as const
  context.emit(events.TimelockedWeightsCommitted, { 0: hotkey, 1: index, 2: hash, 3: round })
  setLastUpdate(state, index, uid, block)
}

/** Hotkey and block of each commit of a mechanism that can still be opened. */
export function timelockedCommitBlocks({ state, block }: View, netuid: number, index: number): [AccountId, number][] {
  const oldest = timelockEpochAt(state, netuid, block) - state.get(storage.RevealPeriodEpochs, netuid)
  const live = [...state.entries(storage.TimelockedWeightCommits, index)].filter(([[, epoch]]) => epoch >= oldest)
  return live.flatMap(([, queue]) => queue.map(([who, at]): [AccountId, number] => [who, Number(at)]))
}

const free = { pays: 'No' } as const
const commitFields = { commit: timelockedCommit, reveal_round: u64 } as const

export const timelockedCommitCalls = {
  commit_timelocked_weights: call(
    113,
    { netuid: netUid, ...commitFields, commit_reveal_version: u16 },
    (context, { netuid, commit, reveal_round, commit_reveal_version }) => {
      commitTimelocked(context, { netuid, mecid: 0, commit, round: reveal_round, version: commit_reveal_version })
    },
    free,
  ),
  /** An older spelling, always of version 4. */
  commit_crv3_mechanism_weights: call(
    117,
    { netuid: netUid, mecid: mechId, ...commitFields },
    (context, { netuid, mecid, commit, reveal_round }) => {
      commitTimelocked(context, { netuid, mecid, commit, round: reveal_round, version: 4 })
    },
    free,
  ),
  commit_timelocked_mechanism_weights: call(
    118,
    { netuid: netUid, mecid: mechId, ...commitFields, commit_reveal_version: u16 },
    (context, { netuid, mecid, commit, reveal_round, commit_reveal_version }) => {
      commitTimelocked(context, { netuid, mecid, commit, round: reveal_round, version: commit_reveal_version })
    },
    free,
  ),
}
