import { ratioU16 } from '../fixed/unitKernel.ts'
import { activeUids } from './activity.ts'
import { bondsYuma2, bondsYuma3 } from './bonds.ts'
import { interpolateRows } from './bondWeights.ts'
import { checkEpochInput } from './checkEpochInput.ts'
import { clipToConsensus, consensusOf } from './consensus.ts'
import { dividendsYuma2, dividendsYuma3 } from './dividends.ts'
import { emissionShares } from './emissionShares.ts'
import type { EpochInput } from './epochInput.ts'
import type { EpochOutput } from './epochOutput.ts'
import { type EpochOptions, epochOutput } from './outputs.ts'
import { newPermits, oldPermits } from './permits.ts'
import { rowSums, weightedColumnSums } from './rowProducts.ts'
import { serverTrust } from './scores.ts'
import { maskStake, totalStake } from './stake.ts'
import { normalise } from './vector.ts'
import { weightsInForce } from './weights.ts'

/**
 * One epoch of Yuma consensus for one mechanism of a subnet, to the last bit of what the chain computes. Reads its input
 * only, keeps nothing. Subnets with several mechanisms run it once for each, then `combineMechanisms`.
 *
 * Cost is linear in weights and bonds, plus the median's partitions and sorting n stakes.
 *
 * @param options.trace also returns the intermediate values
 * @param options.scores also returns what only releases up to 393 store
 * @throws InputError for an input that no chain could hold
 * @see facts: yuma-consensus.md, 4
 */
export function epoch(input: EpochInput, options: EpochOptions = { trace: false }): EpochOutput {
  checkEpochInput(input)
  const { n, ownerUid } = input

  // Steps 1 to 5: who counts, and which weights do.
  const active = activeUids(input.lastUpdate, input.activityCutoffBlocks, input.currentBlock)
  const { normalised: stake, total } = totalStake(input)
  const permittedBefore = oldPermits(input.validatorPermit, ownerUid)
  const permittedNow = newPermits(stake, input.maxValidators, ownerUid)
  const activeStake = normalise(maskStake(stake, active, permittedBefore))
  const weights = weightsInForce(input, permittedBefore)

  // Step 6: what validators agree on.
  const consensus = consensusOf(weights, activeStake, ratioU16(input.kappa), n)
  const clipped = clipToConsensus(weights, consensus)
  const validatorTrust = rowSums(clipped)
  const ranks = weightedColumnSums(clipped, activeStake, n)
  const trust = options.scores ? serverTrust(ranks, weightedColumnSums(weights, activeStake, n)) : undefined
  const incentive = normalise(ranks)

  // Steps 7 and 8: what they earn for having backed it.
  const bondWeights = interpolateRows(weights, clipped, ratioU16(input.bondsPenalty), n)
  const terms = { weights: bondWeights, activeStake, consensus }
  const bonds = input.yuma3 ? bondsYuma3(input, terms) : bondsYuma2(input, terms)
  const dividends = input.yuma3
    ? dividendsYuma3(bonds.shares, incentive, activeStake)
    : dividendsYuma2(bonds.shares, incentive)

  // Steps 9 and 10: what is paid and stored.
  const shares = emissionShares(incentive, dividends, activeStake, stake)
  const steps = {
    active,
    stake,
    totalStake: total,
    activeStake,
    newPermits: permittedNow,
    weights,
    consensus,
    validatorTrust,
    incentive,
    trust,
    dividends,
    bonds: bonds.stored,
    shares,
  }
  return epochOutput(input, steps, options)
}
