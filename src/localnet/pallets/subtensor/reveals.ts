import { type CallContext, call, signer } from '../../pallet.ts'
import { type Hex32, mechId, netUid } from '../../scale/chainTypes.ts'
import { u16, u64, vec } from '../../scale/types.ts'
import { commitHash, type Reveal } from './commitHash.ts'
import { type Commit, isRevealEpoch, requireCommitReveal, splitExpired } from './commits.ts'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { storageIndex, subnetExists } from './mechanisms.ts'
import { storeWeights } from './setWeights.ts'
import { storage } from './storage.ts'
import type { View } from './weightChecks.ts'

interface Queue {
  readonly live: Commit[]
  readonly expired: ReadonlySet<Hex32>
}

function readQueue(context: CallContext, netuid: number, index: number): Queue {
  const queue = context.state.get(storage.WeightCommits, index, signer(context))
  if (queue === undefined) throw errors.NoWeightsCommitFound()
  const { live, expired } = splitExpired(context, netuid, queue)
  return { live, expired: new Set(expired.map(([hash]) => hash)) }
}

/** Position of a commit that may be revealed now. */
function findRevealable(view: View, netuid: number, { live, expired }: Queue, hash: Hex32): number {
  const position = live.findIndex(([candidate]) => candidate === hash)
  if (position === -1) {
    throw expired.has(hash) ? errors.ExpiredWeightCommit() : errors.InvalidRevealCommitHashNotMatch()
  }
  if (!isRevealEpoch(view, netuid, live[position]![1])) throw errors.RevealTooEarly()
  return position
}

function storeQueue(context: CallContext, index: number, live: Commit[]): void {
  const hotkey = signer(context)
  if (live.length === 0) context.state.remove(storage.WeightCommits, index, hotkey)
  else context.state.set(storage.WeightCommits, [index, hotkey], live)
}

/** Opens a commit; it and all older ones are then gone. @see facts: subtensor-chain.md, (d) hash commit-reveal */
function reveal(context: CallContext, netuid: number, mecid: number, opened: Reveal): void {
  if (!subnetExists(context.state, netuid)) throw errors.SubnetNotExists()
  const index = storageIndex(netuid, mecid)
  const hotkey = signer(context)
  requireCommitReveal(context.state, netuid)
  const queue = readQueue(context, netuid, index)
  const hash = commitHash(hotkey, index, opened)
  if (queue.live.length === 0 && !queue.expired.has(hash)) throw errors.NoWeightsCommitFound()
  const position = findRevealable(context, netuid, queue, hash)
  storeQueue(context, index, queue.live.slice(position + 1))
  storeWeights(context, { netuid, mecid, ...opened })
  context.emit(events.WeightsRevealed, { 0: hotkey, 1: index, 2: hash })
}

/** Opens several commits of the main mechanism; either all of them or none. Older ones stay. */
function revealBatch(context: CallContext, netuid: number, opened: readonly Reveal[]): void {
  const hotkey = signer(context)
  requireCommitReveal(context.state, netuid)
  const queue = readQueue(context, netuid, netuid)
  const hashes = opened.map((one) => commitHash(hotkey, netuid, one))
  for (const hash of hashes) findRevealable(context, netuid, queue, hash)
  const live = [...queue.live]
  for (const [i, hash] of hashes.entries()) {
    live.splice(findRevealable(context, netuid, { ...queue, live }, hash), 1)
    storeWeights(context, { netuid, mecid: 0, ...opened[i]! })
  }
  storeQueue(context, netuid, live)
  context.emit(events.WeightsBatchRevealed, { 0: hotkey, 1: netuid, 2: hashes })
}

/** The lists of a batch by item. @throws DispatchFailure InputLengthsUnequal */
export function zipReveals(args: {
  readonly uids_list: readonly number[][]
  readonly values_list: readonly number[][]
  readonly salts_list: readonly number[][]
  readonly version_keys: readonly bigint[]
}): Reveal[] {
  const { uids_list, values_list, salts_list, version_keys } = args
  if ([values_list, salts_list, version_keys].some((list) => list.length !== uids_list.length)) {
    throw errors.InputLengthsUnequal()
  }
  return uids_list.map((uids, i) => ({
    uids,
    values: values_list[i]!,
    salt: salts_list[i]!,
    versionKey: version_keys[i]!,
  }))
}

const free = { pays: 'No' } as const
const revealFields = { uids: vec(u16), values: vec(u16), salt: vec(u16), version_key: u64 } as const

export const revealCalls = {
  reveal_weights: call(
    97,
    { netuid: netUid, ...revealFields },
    (context, { netuid, uids, values, salt, version_key }) => {
      reveal(context, netuid, 0, { uids, values, salt, versionKey: version_key })
    },
    free,
  ),
  reveal_mechanism_weights: call(
    116,
    { netuid: netUid, mecid: mechId, ...revealFields },
    (context, { netuid, mecid, uids, values, salt, version_key }) => {
      reveal(context, netuid, mecid, { uids, values, salt, versionKey: version_key })
    },
    free,
  ),
  batch_reveal_weights: call(
    98,
    {
      netuid: netUid,
      uids_list: vec(vec(u16)),
      values_list: vec(vec(u16)),
      salts_list: vec(vec(u16)),
      version_keys: vec(u64),
    },
    (context, { netuid, ...lists }) => {
      if (!subnetExists(context.state, netuid)) throw errors.SubnetNotExists()
      revealBatch(context, netuid, zipReveals(lists))
    },
    free,
  ),
}
