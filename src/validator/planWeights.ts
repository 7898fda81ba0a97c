import { type EpochState, epochOfNextBlock, nextEpochBlock } from '../chain/epochClock.ts'
import type { WeightsRow, WeightsState } from './weightsRow.ts'

/** All that setting weights depends on, read at one block. */
export interface WeightsView {
  readonly epoch: EpochState
  /** Weights are committed first; else they are set openly. */
  readonly commitReveal: boolean
  /** Whether we commit so that the chain opens it by itself; else we reveal it. */
  readonly timelocked: boolean
  readonly rateLimitBlocks: number
  readonly versionKey: bigint
  readonly minAllowedWeights: number
  /** Undefined while the hotkey is not registered. */
  readonly uid: number | undefined
  /** A validator permit, or being the subnet owner's hotkey. */
  readonly mayValidate: boolean
  /** Block of the hotkey's last weights, commit or registration; 0 for none. */
  readonly lastUpdateBlock: number
  /** Unrevealed commits of the hotkey that the chain holds, by hash. */
  readonly commits: ReadonlyMap<string, { readonly epoch: number }>
}

export type WeightsStep =
  | { readonly type: 'mark'; readonly row: WeightsRow; readonly state: WeightsState; readonly epoch?: number }
  | { readonly type: 'reveal'; readonly row: WeightsRow }
  | { readonly type: 'send'; readonly kind: WeightsRow['kind']; readonly epoch: number }
  | { readonly type: 'wait'; readonly because: Wait }

export type Wait =
  | 'not-registered'
  | 'no-permit'
  | 'no-epochs'
  | 'early-in-epoch'
  | 'rate-limit'
  | 'unrevealed'
  | 'after-refusal'
  | 'sent-this-epoch'
  | 'outcome-unknown'

/** The chain keeps so many commits of one hotkey, expired ones aside, and refuses more. */
const mostUnrevealed = 10

/** An extrinsic with weights that is not in a block after so many never will be: it is signed for this era. */
export const weightsEraBlocks = 16

/**
 * What to do about weights in the next block. Every answer but `wait` asks to be called again.
 *
 * Commits are resolved from what the chain holds, so that it makes no difference whether the process was killed before,
 * during or after a submission. At most one commit (or open set) an epoch; a reveal only in the commit's own epoch of
 * reveal; nothing new while it is unknown whether something older is still on its way.
 *
 * @param rows newest first
 * @param hashOf the hash under which the chain holds a commit
 * @see facts: subtensor-chain.md, hash commit-reveal
 */
export function planWeights(
  view: WeightsView,
  rows: readonly WeightsRow[],
  hashOf: (row: WeightsRow) => string,
): WeightsStep {
  const { block } = view.epoch
  for (const row of [...rows].reverse()) {
    if (!isOpen(row)) continue
    // A node that lags behind what is known already, e.g. after a fail-over.
    if (row.block > block) return wait('outcome-unknown')
    const onChain = view.commits.get(hashOf(row))
    const step = row.state === 'sending' ? sendingStep(view, row, onChain) : commitStep(view, row, onChain)
    if (step !== undefined) return step
  }
  return newStep(view, rows)
}

function isOpen({ state }: WeightsRow): boolean {
  return state === 'sending' || state === 'committed' || state === 'revealing'
}

function sendingStep(view: WeightsView, row: WeightsRow, onChain: { epoch: number } | undefined): WeightsStep {
  if (row.kind === 'commit' && onChain !== undefined) {
    return { type: 'mark', row, state: 'committed', epoch: onChain.epoch }
  }
  if (row.kind !== 'commit' && view.lastUpdateBlock > row.block) {
    // It may have been in a block of a later epoch than it was meant for.
    const isOfNow = view.lastUpdateBlock >= view.epoch.lastEpochBlock
    return { type: 'mark', row, state: 'done', epoch: view.epoch.epochIndex - (isOfNow ? 0 : 1) }
  }
  // Twice the era, since it begins when the extrinsic is signed, somewhat after the row was written.
  if (view.epoch.block > row.block + 2 * weightsEraBlocks) return { type: 'mark', row, state: 'lost' }
  return wait('outcome-unknown')
}

/** @returns undefined where this commit has to wait and others need not */
function commitStep(
  view: WeightsView,
  row: WeightsRow,
  onChain: { epoch: number } | undefined,
): WeightsStep | undefined {
  // A reveal takes its commit off the chain.
  if (onChain === undefined && row.state === 'revealing') return { type: 'mark', row, state: 'done' }
  const epoch = epochOfNextBlock(view.epoch)
  const revealEpoch = row.epoch + view.epoch.revealPeriodEpochs
  if (onChain === undefined) {
    // Its block may have lost to another one, and the pool puts it into a later one. Else it was purged, or its hotkey was
    // replaced.
    const mayReturn = epoch <= revealEpoch && view.epoch.block <= row.block + 2 * weightsEraBlocks
    return mayReturn ? wait('outcome-unknown') : { type: 'mark', row, state: 'lost' }
  }
  if (onChain.epoch !== row.epoch) return { type: 'mark', row, state: row.state, epoch: onChain.epoch }
  if (epoch > revealEpoch) return { type: 'mark', row, state: 'lost' }
  if (epoch < revealEpoch || !view.commitReveal) return undefined
  if (row.state === 'revealing' && view.epoch.block < row.block + retryBlocks(view)) return undefined
  return { type: 'reveal', row }
}

function newStep(view: WeightsView, rows: readonly WeightsRow[]): WeightsStep {
  const { block, tempoBlocks } = view.epoch
  const epoch = epochOfNextBlock(view.epoch)
  const boundary = nextEpochBlock(view.epoch)
  if (view.uid === undefined) return wait('not-registered')
  if (!view.mayValidate) return wait('no-permit')
  if (boundary === undefined) return wait('no-epochs')
  const isOut = rows.some((row) => row.epoch === epoch && row.state !== 'lost' && row.state !== 'refused')
  if (isOut) return wait('sent-this-epoch')
  // The later, the more answers count; half an epoch leaves time to try again.
  if (tempoBlocks > 2 && (boundary === block + 1 || block + 1 < boundary - Math.floor(tempoBlocks / 2))) {
    return wait('early-in-epoch')
  }
  const last = view.lastUpdateBlock
  if (last !== 0 && block + 1 - last < view.rateLimitBlocks) return wait('rate-limit')
  if (rows[0]?.state === 'refused' && block < rows[0].block + retryBlocks(view)) return wait('after-refusal')
  const kind = kindOf(view)
  const isKept = (commit: { readonly epoch: number }): boolean => commit.epoch + view.epoch.revealPeriodEpochs >= epoch
  if (kind === 'commit' && [...view.commits.values()].filter(isKept).length >= mostUnrevealed) return wait('unrevealed')
  return { type: 'send', kind, epoch }
}

function kindOf({ commitReveal, timelocked }: WeightsView): WeightsRow['kind'] {
  if (!commitReveal) return 'set'
  return timelocked ? 'timelocked' : 'commit'
}

/** Blocks before something that failed is tried again. */
function retryBlocks({ epoch }: WeightsView): number {
  return Math.max(2, Math.floor(epoch.tempoBlocks / 10))
}

function wait(because: Wait): WeightsStep {
  return { type: 'wait', because }
}
