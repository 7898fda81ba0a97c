import { type CallContext, call, signer } from '../../pallet.ts'
import { type Hex32, h256, mechId, netUid } from '../../scale/chainTypes.ts'
import { compact, vec } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { runBatch } from './batch.ts'
import { blocksOfEpoch, epochIndexAt } from './epochTiming.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { requireMechanism, storageIndex } from './mechanisms.ts'
import { storage } from './storage.ts'
import { setLastUpdate } from './uids.ts'
import { passesWeightsRateLimit, type View } from './weightChecks.ts'

/**
 * (hash, epoch index at the commit, block of the commit, 0); where epochs go by the block number, (hash, block of the
 * commit, first and last block in which it may be revealed).
 */
export type Commit = [hash: Hex32, mark: bigint, second: bigint, third: bigint]

/** Block in which a commit was made. */
export function commitBlock({ face }: State, [, mark, second]: Commit): bigint {
  return face.rules.epochs === 'lastEpoch' ? second : mark
}

/** The epoch that a commit was made in. @param mark of the commit */
export function commitEpoch(state: State, netuid: number, mark: bigint): bigint {
  return state.face.rules.epochs === 'lastEpoch' ? mark : epochIndexAt(state, netuid, Number(mark))
}

function newCommit({ state, block }: View, netuid: number, hash: Hex32): Commit {
  const epoch = epochIndexAt(state, netuid, block)
  if (state.face.rules.epochs === 'lastEpoch') return [hash, epoch, BigInt(block), 0n]
  return [hash, BigInt(block), ...blocksOfEpoch(state, netuid, epoch + state.get(storage.RevealPeriodEpochs, netuid))]
}

const mostUnrevealed = 10

/** Whether a commit with this mark may be revealed in `block`: exactly `RevealPeriodEpochs` after its epoch. */
export function isRevealEpoch({ state, block }: View, netuid: number, mark: bigint): boolean {
  return (
    epochIndexAt(state, netuid, block) ===
    commitEpoch(state, netuid, mark) + state.get(storage.RevealPeriodEpochs, netuid)
  )
}

/** Whether a commit with this mark can never be revealed any more. */
export function isExpired({ state, block }: View, netuid: number, mark: bigint): boolean {
  return (
    epochIndexAt(state, netuid, block) >
    commitEpoch(state, netuid, mark) + state.get(storage.RevealPeriodEpochs, netuid)
  )
}

/** Splits a queue into the expired commits at its front and the rest. */
export function splitExpired(
  view: View,
  netuid: number,
  queue: readonly Commit[],
): { expired: Commit[]; live: Commit[] } {
  const firstLive = queue.findIndex(([, mark]) => !isExpired(view, netuid, mark))
  const count = firstLive === -1 ? queue.length : firstLive
  return { expired: queue.slice(0, count), live: queue.slice(count) }
}

/** @see facts: subtensor-chain.md, (d) hash commit-reveal */
function commit(context: CallContext, netuid: number, mecid: number, hash: Hex32): void {
  const { state, block } = context
  requireMechanism(state, netuid, mecid)
  const index = storageIndex(netuid, mecid)
  const hotkey = signer(context)
  requireCommitReveal(state, netuid)
  const uid = state.get(storage.Uids, netuid, hotkey)
  if (uid === undefined) throw errors.HotKeyNotRegisteredInSubNet()
  if (!passesWeightsRateLimit(context, netuid, mecid, uid)) throw errors.CommittingWeightsTooFast()
  const { live } = splitExpired(context, netuid, state.get(storage.WeightCommits, index, hotkey) ?? [])
  if (live.length >= mostUnrevealed) throw errors.TooManyUnrevealedCommits()
  state.set(storage.WeightCommits, [index, hotkey], [...live, newCommit(context, netuid, hash)])
  context.emit(events.WeightsCommitted, { 0: hotkey, 1: index, 2: hash })
  setLastUpdate(state, index, uid, block)
}

/** @throws DispatchFailure CommitRevealDisabled */
export function requireCommitReveal(state: State, netuid: number): void {
  if (!state.get(storage.CommitRevealWeightsEnabled, netuid)) throw errors.CommitRevealDisabled()
}

const free = { pays: 'No' } as const

export const commitCalls = {
  commit_weights: call(
    96,
    { netuid: netUid, commit_hash: h256 },
    (context, { netuid, commit_hash }) => {
      commit(context, netuid, 0, commit_hash)
    },
    free,
  ),
  commit_mechanism_weights: call(
    115,
    { netuid: netUid, mecid: mechId, commit_hash: h256 },
    (context, { netuid, mecid, commit_hash }) => {
      commit(context, netuid, mecid, commit_hash)
    },
    free,
  ),
  batch_commit_weights: call(
    100,
    { netuids: vec(compact(netUid)), commit_hashes: vec(h256) },
    (context, { netuids, commit_hashes }) => {
      const hotkey = signer(context)
      if (netuids.length !== commit_hashes.length) throw errors.InputLengthsUnequal()
      runBatch(context, hotkey, netuids, (netuid, i) => {
        commit(context, netuid, 0, commit_hashes[i]!)
      })
    },
    free,
  ),
}
