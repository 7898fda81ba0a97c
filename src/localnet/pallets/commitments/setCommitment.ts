import { type CallContext, call, errorsOf, requireRoot, signer } from '../../pallet.ts'
import { type AccountId, netUid } from '../../scale/chainTypes.ts'
import { u32 } from '../../scale/types.ts'
import type { State } from '../../state.ts'
import { epochIndexAt } from '../subtensor/epochTiming.ts'
import { storageIndices } from '../subtensor/mechanisms.ts'
import { storage as subtensor } from '../subtensor/storage.ts'
import { events, index, name } from './events.ts'
import { isTimelocked, setTimelocked } from './revealCommitments.ts'
import { storage } from './storage.ts'
import { commitmentInfo, type Data } from './types.ts'

export const errorIndices = { AccountNotAllowedCommit: 1, SpaceLimitExceeded: 2 }
const errors = errorsOf(name, index, errorIndices)

/** Bytes that a commitment counts as, at the least. */
const leastSpace = 100

/** @see facts: subtensor-chain.md, Commitments.set_commitment */
function setCommitment(context: CallContext, netuid: number, fields: Data[]): void {
  const { state, block } = context
  const who = signer(context)
  if (state.get(subtensor.Uids, netuid, who) === undefined) throw errors.AccountNotAllowedCommit()
  if (fields.some(({ type }) => type === 'ResetBondsFlag')) {
    state.set(storage.LastBondsReset, [netuid, who], block)
    resetBonds(state, netuid, who)
  }
  takeSpace(context, netuid, who, fields)
  state.set(storage.CommitmentOf, [netuid, who], { deposit: 0n, block, info: { fields } })
  state.set(storage.LastCommitment, [netuid, who], block)
  const timelocked = fields.find(isTimelocked)
  if (timelocked === undefined) context.emit(events.Commitment, { netuid, who })
  else context.emit(events.TimelockCommitment, { netuid, who, reveal_round: timelocked.reveal_round })
  setTimelocked(state, netuid, who, timelocked !== undefined)
}

/** Counts what is committed in one epoch. @throws DispatchFailure SpaceLimitExceeded */
function takeSpace({ state, block }: CallContext, netuid: number, who: AccountId, fields: readonly Data[]): void {
  const epoch = epochIndexAt(state, netuid, block)
  const usage = state.get(storage.UsedSpaceOf, netuid, who)
  const before = usage?.last_epoch === epoch ? usage.used_space : 0n
  const used =
    before +
    BigInt(
      Math.max(
        leastSpace,
        fields.map(spaceOf).reduce((sum, space) => sum + space, 0),
      ),
    )
  if (used > BigInt(state.get(storage.MaxSpace))) throw errors.SpaceLimitExceeded()
  state.set(storage.UsedSpaceOf, [netuid, who], { last_epoch: epoch, used_space: used })
}

function spaceOf(field: Data): number {
  if ('encrypted' in field) return field.encrypted.length
  return 0 in field ? field[0].length : 0
}

/** Forgets all bonds towards a neuron, where the subnet allows that. */
function resetBonds(state: State, netuid: number, who: AccountId): void {
  const uid = state.get(subtensor.Uids, netuid, who)
  if (uid === undefined || !state.get(subtensor.BondsResetOn, netuid)) return
  for (const mechanism of storageIndices(state, netuid)) {
    for (const [key, row] of [...state.entries(subtensor.Bonds, mechanism)]) {
      const left = row.filter(([target]) => target !== uid)
      if (left.length < row.length) state.set(subtensor.Bonds, key, left)
    }
  }
}

export const commitmentCalls = {
  set_commitment: call(
    0,
    { netuid: netUid, info: commitmentInfo },
    (context, { netuid, info }) => setCommitment(context, netuid, info.fields),
    { pays: 'No' },
  ),
  /** Bytes a hotkey and epoch. */
  set_max_space: call(
    2,
    { new_limit: u32 },
    (context, { new_limit }) => {
      requireRoot(context)
      context.state.set(storage.MaxSpace, [], new_limit)
    },
    { pays: 'No' },
  ),
}
