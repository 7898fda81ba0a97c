import { activeUids } from '../../src/yuma/activity.ts'
import type { EpochInput } from '../../src/yuma/epochInput.ts'
import { newPermits, oldPermits } from '../../src/yuma/permits.ts'
import { isAscending } from '../../src/yuma/rowOrder.ts'
import { floatConsensus } from './floatConsensus.ts'
import {
  clip,
  columnSums,
  divideColumns,
  interpolate,
  keep,
  normalise,
  normaliseRows,
  type Rows,
  sumOf,
} from './floatRows.ts'

const maxU64 = 2 ** 64
const maxU16 = 65535

/**
 * The steps of `src/yuma/epoch.ts` on the same sparse rows in ordinary doubles: what the arithmetic of the chain costs is
 * measured against it. Its results are right to some ten digits and of no other use.
 */
export function floatEpoch(input: EpochInput) {
  const { n, ownerUid, emission } = input

  const active = activeUids(input.lastUpdate, input.activityCutoffBlocks, input.currentBlock)
  const { stake, total } = stakeOf(input)
  const permittedBefore = oldPermits(input.validatorPermit, ownerUid)
  const permittedNow = newPermits(stake, input.maxValidators, ownerUid)
  const activeStake = normalise(stake.map((share, i) => (active[i] === 1 && permittedBefore[i] === 1 ? share : 0)))
  const weights = weightsInForce(input, permittedBefore)

  const consensus = floatConsensus(weights, activeStake, input.kappa / maxU16, n)
  const clipped = clip(weights, consensus)
  const trust = rowSums(clipped)
  const incentive = normalise(columnSums(clipped, activeStake, n))

  const bondWeights = interpolate(weights, clipped, input.bondsPenalty / maxU16)
  const bonds = input.yuma3 ? bondsYuma3(input, bondWeights, consensus) : bondsYuma2(input, bondWeights, activeStake)
  const dividends = weightedRowSums(bonds.shares, incentive)
  if (input.yuma3) for (let i = 0; i < n; i++) dividends[i]! *= activeStake[i]!
  normalise(dividends)

  const combined = incentive.map((value, i) => value + dividends[i]!)
  const sum = sumOf(combined)
  const amount = Number(emission)
  const pay = (shares: Float64Array, part: number): Float64Array => shares.map((share) => share * part * amount)
  return {
    active,
    stakeWeight: quantise(stake),
    consensus: quantise(consensus),
    incentive: quantise(incentive),
    dividends: quantise(dividends),
    validatorTrust: quantise(trust),
    validatorPermit: permittedNow,
    emission: pay(combined, sum === 0 ? 0 : 1 / sum),
    serverEmission: pay(incentive, sum === 0 ? 1 : 1 / sum),
    validatorEmission: pay(sum === 0 ? activeStake : dividends, sum === 0 ? 1 : 1 / sum),
    stake: total,
    bonds: storedBonds(bonds.stored, permittedNow),
  }
}

function stakeOf(input: EpochInput): { stake: Float64Array; total: Float64Array } {
  const weight = Number(input.taoWeight) / maxU64
  const threshold = Number(input.stakeThreshold)
  const total = new Float64Array(input.n)
  for (let i = 0; i < input.n; i++) total[i] = Number(input.alphaStake[i]!) + Number(input.taoStake[i]!) * weight
  const counted = total.map((amount, i) => (amount >= threshold || i === input.ownerUid ? amount : 0))
  return { stake: normalise(counted), total }
}

function weightsInForce(input: EpochInput, permitted: Uint8Array): Rows {
  const { n, lastUpdate, blockAtRegistration, ownerUid } = input
  const commitBlocks = input.commitReveal ? input.commitBlocks : null
  return normaliseRows(
    keep(input.weights, (i, j) => {
      if (j >= n || permitted[i] !== 1 || (i === j && i !== ownerUid)) return false
      const registered = blockAtRegistration[j]!
      if (lastUpdate[i]! <= registered) return false
      const committed = commitBlocks?.[i] ?? null
      return committed === null || committed >= registered
    }),
  )
}

interface Bonds {
  readonly stored: Rows
  readonly shares: Rows
}

function bondsInForce(input: EpochInput): Rows {
  const lastTempo = input.lastStepBlock === 0 ? Math.max(0, input.currentBlock - input.tempo) : input.lastStepBlock + 1
  return keep(input.bonds, (_, j) => j < input.n && lastTempo > input.blockAtRegistration[j]!)
}

function bondsYuma2(input: EpochInput, weights: Rows, activeStake: Float64Array): Bonds {
  const bought = { ...weights, value: weights.value.slice() }
  for (let i = 0; i < input.n; i++) {
    for (let k = bought.rowStart[i]!; k < bought.rowStart[i + 1]!; k++) bought.value[k]! *= activeStake[i]!
  }
  divideColumns(bought, columnSums(bought, undefined, input.n))
  const old = bondsInForce(input)
  divideColumns(old, columnSums(old, undefined, input.n))
  const shares = average(bought, old, 1 - Number(input.bondsMovingAverage) / 1e6)
  divideColumns(shares, columnSums(shares, undefined, input.n))
  const largest = new Float64Array(input.n)
  for (let k = 0; k < shares.value.length; k++) {
    if (shares.value[k]! > largest[shares.column[k]!]!) largest[shares.column[k]!] = shares.value[k]!
  }
  const stored = { ...shares, value: shares.value.slice() }
  divideColumns(stored, largest)
  return { stored, shares }
}

function bondsYuma3(input: EpochInput, weights: Rows, consensus: Float64Array): Bonds {
  const old = bondsInForce(input)
  for (let k = 0; k < old.value.length; k++) old.value[k]! /= maxU16
  const stored = input.liquidAlpha
    ? liquidAverage(input, weights, old, consensus)
    : average(weights, old, 1 - Number(input.bondsMovingAverage) / 1e6)
  const shares = { ...stored, value: stored.value.slice() }
  divideColumns(shares, columnSums(shares, undefined, input.n))
  return { stored, shares }
}

/** Rows are in the order of their columns in every subnet that is measured. */
function average(fresh: Rows, old: Rows, alpha: number): Rows {
  const rows = fresh.rowStart.length - 1
  const rowStart = new Uint32Array(rows + 1)
  const column = new Uint16Array(fresh.column.length + old.column.length)
  const value = new Float64Array(fresh.column.length + old.column.length)
  let size = 0
  for (let i = 0; i < rows; i++) {
    let p = fresh.rowStart[i]!
    let q = old.rowStart[i]!
    const freshEnd = fresh.rowStart[i + 1]!
    const oldEnd = old.rowStart[i + 1]!
    if (!isAscending(fresh.column, p, freshEnd) || !isAscending(old.column, q, oldEnd)) throw new Error('unsorted row')
    while (p < freshEnd || q < oldEnd) {
      const freshColumn = p < freshEnd ? fresh.column[p]! : 0x1_0000
      const oldColumn = q < oldEnd ? old.column[q]! : 0x1_0000
      let cell = 0
      if (freshColumn <= oldColumn) cell = alpha * fresh.value[p++]!
      if (oldColumn <= freshColumn) cell += (1 - alpha) * old.value[q++]!
      if (cell > 0) {
        column[size] = Math.min(freshColumn, oldColumn)
        value[size++] = cell
      }
    }
    rowStart[i + 1] = size
  }
  return { rowStart, column: column.subarray(0, size), value: value.subarray(0, size) }
}

function liquidAverage(input: EpochInput, fresh: Rows, old: Rows, consensus: Float64Array): Rows {
  const low = input.alphaLow / maxU16
  const high = input.alphaHigh / maxU16
  const slope = input.alphaSigmoidSteepness / -100
  const column = new Uint16Array(fresh.column.length)
  const value = new Float64Array(fresh.column.length)
  const rowStart = new Uint32Array(fresh.rowStart.length)
  const oldRow = new Float64Array(input.n)
  let size = 0
  for (let i = 0; i < input.n; i++) {
    for (let k = old.rowStart[i]!; k < old.rowStart[i + 1]!; k++) oldRow[old.column[k]!] = old.value[k]!
    for (let k = fresh.rowStart[i]!; k < fresh.rowStart[i + 1]!; k++) {
      const j = fresh.column[k]!
      const weight = fresh.value[k]!
      const bond = oldRow[j]!
      const gap = Math.max(0, Math.min(weight >= bond ? weight - consensus[j]! : bond - weight, 1))
      const step = 1 / (1 + Math.exp(slope * (gap - 0.5)))
      const alpha = Math.max(low, Math.min(low + step * (high - low), high))
      const cell = (1 - alpha) * bond + alpha * weight
      if (cell <= 0) continue
      column[size] = j
      value[size++] = Math.min(cell, 1)
    }
    for (let k = old.rowStart[i]!; k < old.rowStart[i + 1]!; k++) oldRow[old.column[k]!] = 0
    rowStart[i + 1] = size
  }
  return { rowStart, column: column.subarray(0, size), value: value.subarray(0, size) }
}

function rowSums({ rowStart, value }: Rows): Float64Array {
  const sums = new Float64Array(rowStart.length - 1)
  for (let i = 0; i < sums.length; i++) for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) sums[i]! += value[k]!
  return sums
}

function weightedRowSums({ rowStart, column, value }: Rows, x: Float64Array): Float64Array {
  const sums = new Float64Array(rowStart.length - 1)
  for (let i = 0; i < sums.length; i++) {
    let sum = 0
    for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) sum += x[column[k]!]! * value[k]!
    sums[i] = sum
  }
  return sums
}

function quantise(values: Float64Array): Uint16Array {
  return Uint16Array.from(values, (value) => Math.max(0, Math.min(Math.floor(value * maxU16), maxU16)))
}

function storedBonds(bonds: Rows, permitted: Uint8Array): Rows {
  const rowStart = new Uint32Array(bonds.rowStart.length)
  const column = new Uint16Array(bonds.column.length)
  const value = new Float64Array(bonds.column.length)
  let size = 0
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const end = permitted[i] === 1 ? bonds.rowStart[i + 1]! : bonds.rowStart[i]!
    for (let k = bonds.rowStart[i]!; k < end; k++) {
      column[size] = bonds.column[k]!
      value[size++] = Math.max(0, Math.min(Math.floor(bonds.value[k]! * maxU16), maxU16))
    }
    rowStart[i + 1] = size
  }
  return { rowStart, column: column.slice(0, size), value: value.slice(0, size) }
}
