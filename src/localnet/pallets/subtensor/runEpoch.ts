import { activityCutoffBlocks } from '../../../yuma/activity.ts'
import { epoch } from '../../../yuma/epoch.ts'
import type { EpochInput } from '../../../yuma/epochInput.ts'
import type { EpochOutput } from '../../../yuma/epochOutput.ts'
import { combineMechanisms, splitEmission } from '../../../yuma/mechanisms.ts'
import { packRows, type SparseRows, unpackRows } from '../../../yuma/sparseRows.ts'
import type { BlockContext } from '../../pallet.ts'
import type { AccountId } from '../../scale/chainTypes.ts'
import type { State } from '../../state.ts'
import type { StorageItem } from '../../storage.ts'
import { commitBlock, isExpired } from './commits.ts'
import type { EpochShare } from './distribute.ts'
import { storageIndices } from './mechanisms.ts'
import { storeScores } from './scores.ts'
import { inheritedStake } from './stakeWeight.ts'
import { storage } from './storage.ts'
import { timelockedCommitBlocks } from './timelockedCommits.ts'
import { ownerUid } from './uids.ts'

const root = 0

/**
 * Runs a subnet's epoch, one for each of its mechanisms, and stores what came of it.
 *
 * @param emission alpha rao to share out
 * @returns what each neuron is entitled to, by uid
 * @see facts: yuma-consensus.md, 3, 6 and 7
 */
export function runEpoch(context: BlockContext, netuid: number, emission: bigint): EpochShare[] {
  const { state } = context
  const hotkeys = hotkeysOf(state, netuid)
  const indices = storageIndices(state, netuid)
  const split = state.get(storage.MechanismEmissionSplit, netuid) ?? null
  const amounts = splitEmission(emission, indices.length, split)
  const common = commonInput(context, netuid, hotkeys)
  const options = { trace: false, scores: state.face.rules.scores === 'kept' }
  const outputs = indices.map((index, i) => {
    const input = { ...common, ...mechanismInput(context, netuid, index, hotkeys), emission: amounts[i]! }
    const output = epoch(input, options)
    storeMechanism(state, index, output)
    return output
  })
  const subnet = combineMechanisms(outputs, amounts, emission)
  state.set(storage.Active, [netuid], subnet.active)
  state.set(storage.StakeWeight, [netuid], [...subnet.stakeWeight])
  state.set(storage.Consensus, [netuid], [...subnet.consensus])
  state.set(storage.Dividends, [netuid], [...subnet.dividends])
  state.set(storage.ValidatorTrust, [netuid], [...subnet.validatorTrust])
  state.set(storage.ValidatorPermit, [netuid], subnet.validatorPermit)
  state.set(storage.Emission, [netuid], [...subnet.emission])
  if (subnet.scores) storeScores(state, netuid, subnet.scores)
  return hotkeys.map((hotkey, uid) => ({
    hotkey,
    incentive: subnet.serverEmission[uid]!,
    dividend: subnet.validatorEmission[uid]!,
  }))
}

function hotkeysOf(state: State, netuid: number): AccountId[] {
  const count = state.get(storage.SubnetworkN, netuid)
  return Array.from({ length: count }, (_, uid) => state.get(storage.Keys, netuid, uid))
}

type MechanismInput = Pick<EpochInput, 'lastUpdate' | 'weights' | 'bonds' | 'commitBlocks'>

/** What all mechanisms of a subnet have in common. */
function commonInput(
  { state, block }: BlockContext,
  netuid: number,
  hotkeys: readonly AccountId[],
): Omit<EpochInput, keyof MechanismInput | 'emission'> {
  const n = hotkeys.length
  const tempo = state.get(storage.Tempo, netuid)
  const [alphaLow, alphaHigh] = state.get(storage.AlphaValues, netuid)
  const permits = state.get(storage.ValidatorPermit, netuid)
  return {
    n,
    currentBlock: block,
    tempo,
    lastStepBlock: Number(state.get(storage.LastMechansimStepBlock, netuid)),
    activityCutoffBlocks:
      state.face.rules.activity === 'blocks'
        ? state.get(storage.ActivityCutoff, netuid)
        : activityCutoffBlocks(state.get(storage.ActivityCutoffFactorMilli, netuid), tempo),
    blockAtRegistration: hotkeys.map((_, uid) => Number(state.get(storage.BlockAtRegistration, netuid, uid))),
    alphaStake: BigUint64Array.from(hotkeys, (hotkey) => inheritedStake(state, hotkey, netuid, netuid)),
    taoStake: BigUint64Array.from(hotkeys, (hotkey) => inheritedStake(state, hotkey, netuid, root)),
    taoWeight: state.get(storage.TaoWeight),
    stakeThreshold: state.get(storage.StakeThreshold),
    ownerUid: ownerUid(state, netuid) ?? null,
    validatorPermit: hotkeys.map((_, uid) => permits[uid] ?? false),
    maxValidators: state.get(storage.MaxAllowedValidators, netuid),
    kappa: state.get(storage.Kappa, netuid),
    bondsPenalty: state.get(storage.BondsPenalty, netuid),
    bondsMovingAverage: state.get(storage.BondsMovingAverage, netuid),
    yuma3: state.get(storage.Yuma3On, netuid),
    liquidAlpha: state.get(storage.LiquidAlphaOn, netuid),
    alphaLow: alphaLow!,
    alphaHigh: alphaHigh!,
    alphaSigmoidSteepness: state.get(storage.AlphaSigmoidSteepness, netuid),
    commitReveal: state.get(storage.CommitRevealWeightsEnabled, netuid),
  }
}

/** @param index storage index of the mechanism */
function mechanismInput(
  context: BlockContext,
  netuid: number,
  index: number,
  hotkeys: readonly AccountId[],
): MechanismInput {
  const { state } = context
  const updates = state.get(storage.LastUpdate, index)
  return {
    lastUpdate: hotkeys.map((_, uid) => Number(updates[uid] ?? 0n)),
    weights: readRows(state, storage.Weights, index, hotkeys.length),
    bonds: readRows(state, storage.Bonds, index, hotkeys.length),
    commitBlocks: commitBlocks(context, netuid, index, hotkeys),
  }
}

type Rows = StorageItem<readonly [number, number], [number, number][]>

/** Rows by uid; those of uids beyond `n` are left out. */
function readRows(state: State, item: Rows, index: number, n: number): SparseRows<Uint16Array> {
  const rows: [number, number][][] = Array.from({ length: n }, () => [])
  for (const [[, uid], row] of state.entries(item, index)) if (uid < n) rows[uid] = row
  return packRows(rows, n)
}

/** Block of each neuron's earliest commit that can still be revealed. */
function commitBlocks(
  context: BlockContext,
  netuid: number,
  index: number,
  hotkeys: readonly AccountId[],
): (number | null)[] {
  const earliest = new Map<AccountId, number>()
  for (const [[, hotkey], queue] of context.state.entries(storage.WeightCommits, index)) {
    const live = queue.filter(([, mark]) => !isExpired(context, netuid, mark))
    if (live.length > 0)
      earliest.set(hotkey, Math.min(...live.map((commit) => Number(commitBlock(context.state, commit)))))
  }
  for (const [hotkey, block] of timelockedCommitBlocks(context, netuid, index)) {
    earliest.set(hotkey, Math.min(earliest.get(hotkey) ?? block, block))
  }
  return hotkeys.map((hotkey) => earliest.get(hotkey) ?? null)
}

function storeMechanism(state: State, index: number, output: EpochOutput): void {
  state.set(storage.Incentive, [index], [...output.incentive])
  for (const [uid, row] of unpackRows<number>(output.bonds).entries()) {
    // A row that is not there counts as empty, so only those that change to empty are written as such.
    if (output.validatorPermit[uid] || state.has(storage.Bonds, index, uid)) state.set(storage.Bonds, [index, uid], row)
  }
}
