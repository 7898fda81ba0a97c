import {
  add,
  expSafe,
  least,
  most,
  mul,
  ONE,
  q16,
  ratio,
  safeDiv,
  satDiv,
  share,
  stakeOracle,
  sub,
} from './fixedOracle.ts'

/*
 * One epoch in plain BigInt, step by step from yuma-consensus.md, section 4, with the obvious data structures: lists of
 * [column, value] and dense rows. Slow on purpose.
 */

export type Row<V> = [number, V][]

export interface OracleInput {
  n: number
  currentBlock: number
  tempo: number
  lastStepBlock: number
  activityCutoffBlocks: number
  lastUpdate: number[]
  blockAtRegistration: number[]
  alphaStake: bigint[]
  taoStake: bigint[]
  taoWeight: bigint
  stakeThreshold: bigint
  ownerUid: number | null
  validatorPermit: boolean[]
  maxValidators: number
  kappa: number
  bondsPenalty: number
  bondsMovingAverage: bigint
  yuma3: boolean
  liquidAlpha: boolean
  alphaLow: number
  alphaHigh: number
  alphaSigmoidSteepness: number
  commitReveal: boolean
  commitBlocks: (number | null)[]
  emission: bigint
  weights: Row<number>[]
  bonds: Row<number>[]
}

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n)

function normalise(values: readonly bigint[]): bigint[] {
  const sum = total(values)
  return sum === 0n ? [...values] : values.map((value) => safeDiv(value, sum))
}

function topK(values: readonly bigint[], k: number): boolean[] {
  const marks = values.map((value) => value !== 0n)
  if (values.length < k) return marks
  const order = values.map((_, i) => i).sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : 0))
  for (const i of order.slice(0, values.length - k)) marks[i] = false
  return marks
}

function normaliseColumns(rows: Row<bigint>[], n: number): Row<bigint>[] {
  const sums = new Array<bigint>(n).fill(0n)
  for (const row of rows) for (const [j, value] of row) sums[j] = add(sums[j]!, value)
  return rows.map((row) => row.map(([j, value]) => [j, sums[j] === 0n ? value : safeDiv(value, sums[j]!)]))
}

function upscaleColumns(rows: Row<bigint>[], n: number): Row<bigint>[] {
  const largest = new Array<bigint>(n).fill(0n)
  for (const row of rows) for (const [j, value] of row) if (value > largest[j]!) largest[j] = value
  return rows.map((row) => row.map(([j, value]) => [j, largest[j] === 0n ? value : safeDiv(value, largest[j]!)]))
}

/** Section 5.4, loop by loop. */
export function medianOracle(score: bigint[], stake: bigint[], minority: bigint): bigint {
  let part = score.map((_, i) => i)
  let lo = 0n
  let hi = total(stake)
  for (;;) {
    if (part.length === 0) return 0n
    if (part.length === 1) return score[part[0]!]!
    const pivot = score[part[Math.floor(part.length / 2)]!]!
    const below = part.filter((i) => score[i]! < pivot)
    const above = part.filter((i) => score[i]! > pivot)
    const belowStake = total(below.map((i) => stake[i]!))
    const aboveStake = total(above.map((i) => stake[i]!))
    if (minority < lo + belowStake && below.length > 0) {
      hi = lo + belowStake
      part = below
    } else if (hi - aboveStake <= minority && above.length > 0) {
      lo = hi - aboveStake
      part = above
    } else return pivot
  }
}

function consensusOf(weights: Row<bigint>[], active: bigint[], majority: bigint, n: number): bigint[] {
  const voters = active.map((_, i) => i).filter((i) => active[i]! > 0n)
  const stake = normalise(voters.map((i) => active[i]!))
  const minority = sub(total(stake), majority)
  return Array.from({ length: n }, (_, j) => {
    const scores = voters.map((i) => weights[i]!.filter(([column]) => column === j).at(-1)?.[1] ?? 0n)
    return medianOracle(scores, stake, minority)
  })
}

function dense(row: Row<bigint>, n: number): bigint[] {
  const cells = new Array<bigint>(n).fill(0n)
  for (const [j, value] of row) cells[j] = value
  return cells
}

function interpolate(a: Row<bigint>[], b: Row<bigint>[], r: bigint, n: number): Row<bigint>[] {
  if (r === 0n) return a
  if (r === ONE) return b
  return a.map((row, i) => {
    const from = dense(row, n)
    const to = dense(b[i]!, n)
    return from
      .map((value, j): [number, bigint] => [j, add(value, mul(r, sub(to[j]!, value)))])
      .filter(([, value]) => value > 0n)
  })
}

function average(fresh: Row<bigint>[], old: Row<bigint>[], alpha: bigint, n: number): Row<bigint>[] {
  return fresh.map((row, i) => {
    const cells = new Array<bigint>(n).fill(0n)
    for (const [j, value] of row) cells[j] = add(cells[j]!, mul(alpha, value))
    for (const [j, value] of old[i]!) cells[j] = add(cells[j]!, mul(sub(ONE, alpha), value))
    return cells.map((value, j): [number, bigint] => [j, value]).filter(([, value]) => value > 0n)
  })
}

/** What a cursor that only moves forward sees at each column. */
function cursorRow(row: Row<bigint>, n: number): bigint[] {
  let cursor = 0
  return Array.from({ length: n }, (_, j) => {
    while (cursor < row.length && row[cursor]![0] < j) cursor++
    return row[cursor]?.[0] === j ? row[cursor]![1] : 0n
  })
}

/** Section 5.10 for every cell, then the second average of 5.8. */
function liquid(input: OracleInput, fresh: Row<bigint>[], old: Row<bigint>[], consensus: bigint[]): Row<bigint>[] {
  const low = ratio(input.alphaLow)
  const high = ratio(input.alphaHigh)
  const slope = satDiv(BigInt(input.alphaSigmoidSteepness) << 32n, -100n << 32n)
  return fresh.map((row, i) => {
    const w = cursorRow(row, input.n)
    const b = cursorRow(old[i]!, input.n)
    const alphas = consensus.map((c, j) => {
      const gap = w[j]! >= b[j]! ? w[j]! - c : b[j]! - w[j]!
      const z = mul(slope, most(0n, least(gap, ONE)) - ONE / 2n)
      const alpha = add(low, mul(satDiv(ONE, add(ONE, expSafe(z))), high - low))
      return most(low, least(alpha, high))
    })
    const decayed = dense(old[i]!, input.n).map((value, j) => mul(sub(ONE, alphas[j]!), value))
    return row
      .map(([j, value]): [number, bigint] => {
        return [j, least(ONE, add(decayed[j]!, most(0n, mul(alphas[j]!, value))))]
      })
      .filter(([, value]) => value > 0n)
  })
}

export function epochOracle(input: OracleInput) {
  const { n, ownerUid } = input
  const uids = Array.from({ length: n }, (_, i) => i)

  // 1 to 4
  const active = uids.map((i) => !(input.lastUpdate[i]! + input.activityCutoffBlocks < input.currentBlock))
  const keepStake = (amount: bigint, i: number): boolean => amount >= input.stakeThreshold || i === ownerUid
  const stake = stakeOracle(input.alphaStake, input.taoStake, input.taoWeight, keepStake)
  const S = stake.normalised
  const oldPermit = uids.map((i) => input.validatorPermit[i]! || i === ownerUid)
  const newPermit = topK(S, input.maxValidators).map((permit, i) => permit || i === ownerUid)
  const A = normalise(uids.map((i) => (active[i] && oldPermit[i] ? S[i]! : 0n)))

  // 5
  const W = input.weights.map((row, i) => {
    const kept = row
      .filter(([j]) => j < n && oldPermit[i]!)
      .filter(([j]) => i !== j || i === ownerUid)
      .filter(([j]) => !(input.lastUpdate[i]! <= input.blockAtRegistration[j]!))
      .filter(([j]) => {
        const committed = input.commitBlocks[i] ?? null
        return !input.commitReveal || committed === null || !(committed < input.blockAtRegistration[j]!)
      })
      .map(([j, value]): [number, bigint] => [j, BigInt(value) << 32n])
    const sum = total(kept.map(([, value]) => value))
    return kept.map(([j, value]): [number, bigint] => [j, sum > 0n ? safeDiv(value, sum) : value])
  })

  // 6 and 7
  const C = consensusOf(W, A, ratio(input.kappa), n)
  const Wc = W.map((row) =>
    row
      .filter(([j, value]) => !(C[j]! < value && C[j] === 0n))
      .map(([j, value]): [number, bigint] => [j, least(C[j]!, value)]),
  )
  const Tv = Wc.map((row) => total(row.map(([, value]) => value)))
  const ranks = new Array<bigint>(n).fill(0n)
  for (const [i, row] of Wc.entries()) for (const [j, value] of row) ranks[j] = add(ranks[j]!, mul(A[i]!, value))
  const I = normalise(ranks)
  const Wb = interpolate(W, Wc, ratio(input.bondsPenalty), n)

  // 8
  const lastTempo = input.lastStepBlock === 0 ? Math.max(0, input.currentBlock - input.tempo) : input.lastStepBlock + 1
  const loaded = input.bonds.map((row) =>
    row
      .filter(([j]) => j < n && !(lastTempo <= input.blockAtRegistration[j]!))
      .map(([j, value]): [number, bigint] => [j, BigInt(value) << 32n]),
  )
  const clampF = (raw: bigint): bigint => add(raw, 0n)
  const clampG = (raw: bigint): bigint => (raw < 1n << 127n ? raw : (1n << 127n) - 1n)
  const movingAverage = (clampG(input.bondsMovingAverage << 64n) << 64n) / (1_000_000n << 64n)
  const alpha = sub(ONE, clampF(movingAverage >> 32n))
  let M: Row<bigint>[]
  let V: bigint[]
  if (input.yuma3) {
    const B = loaded.map((row) => row.map(([j, value]): [number, bigint] => [j, safeDiv(value, 65535n << 32n)]))
    M = input.liquidAlpha && C.some((c) => c !== 0n) ? liquid(input, Wb, B, C) : average(Wb, B, alpha, n)
    const N = normaliseColumns(M, n)
    V = normalise(N.map((row, i) => mul(total(row.map(([j, value]) => mul(value, I[j]!))), A[i]!)))
  } else {
    const B = normaliseColumns(loaded, n)
    const D = normaliseColumns(
      Wb.map((row, i) => row.map(([j, value]): [number, bigint] => [j, mul(value, A[i]!)])),
      n,
    )
    const averaged = normaliseColumns(average(D, B, alpha, n), n)
    V = normalise(averaged.map((row) => row.reduce((sum, [j, value]) => add(sum, mul(I[j]!, value)), 0n)))
    M = upscaleColumns(averaged, n)
  }

  // 9 and 10
  const X = I.map((value, i) => add(value, V[i]!))
  const tot = total(X)
  const fallback = total(A) !== 0n ? A : S
  const se = tot === 0n ? I : I.map((value) => safeDiv(value, tot))
  const ve = tot === 0n ? fallback : V.map((value) => safeDiv(value, tot))
  const ce = tot === 0n ? fallback : normalise(X)
  const amounts = (shares: bigint[]): string[] => shares.map((s) => String(share(s, input.emission)))
  const raws = (values: bigint[]): string[] => values.map(String)
  const rawRows = (rows: Row<bigint>[]): Row<string>[] => rows.map((row) => row.map(([j, value]) => [j, String(value)]))
  return {
    active,
    stake_weight: S.map(q16),
    consensus: C.map(q16),
    incentive: I.map(q16),
    dividends: V.map(q16),
    validator_trust: Tv.map(q16),
    validator_permit: newPermit,
    server_emission: amounts(se),
    validator_emission: amounts(ve),
    emission: amounts(ce),
    stake: stake.total.map(String),
    bonds: M.map((row, i) => (newPermit[i] ? row.map(([j, value]): [number, number] => [j, q16(value)]) : [])),
    trace: {
      stake: raws(S),
      active_stake: raws(A),
      weights: rawRows(W),
      consensus: raws(C),
      validator_trust: raws(Tv),
      incentive: raws(I),
      dividends: raws(V),
      bonds: rawRows(M),
    },
  }
}
