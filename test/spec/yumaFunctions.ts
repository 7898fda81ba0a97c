import { z } from 'zod'
import { expSafe, ln, log2, sigmoidSafe } from '../../src/fixed/exponential.ts'
import { i32f32 } from '../../src/fixed/fixedFormat.ts'
import { quantiseU16, ratioU16 } from '../../src/fixed/unitKernel.ts'
import { accrueAlpha } from '../../src/yuma/accrueAlpha.ts'
import { blockEmission } from '../../src/yuma/blockEmission.ts'
import { bondsRate } from '../../src/yuma/bonds.ts'
import { interpolateRows } from '../../src/yuma/bondWeights.ts'
import { burnDecayFactor, decayBurn } from '../../src/yuma/burnPrice.ts'
import { clipToConsensus, consensusOf, weightedMedian } from '../../src/yuma/consensus.ts'
import { dividendDistribution } from '../../src/yuma/dividendDistribution.ts'
import { alphaOf } from '../../src/yuma/liquidAlpha.ts'
import { isMaxLimited, maxUpscale, maxUpscaleU16 } from '../../src/yuma/maxUpscale.ts'
import { splitEmission } from '../../src/yuma/mechanisms.ts'
import { liquidMovingAverage, movingAverage } from '../../src/yuma/movingAverage.ts'
import { movingPrice } from '../../src/yuma/movingPrice.ts'
import { normaliseColumns, normaliseRows, upscaleColumns } from '../../src/yuma/normaliseRows.ts'
import { topK, topKNonzero } from '../../src/yuma/permits.ts'
import { rootProportion } from '../../src/yuma/rootProportion.ts'
import { rowSums, scaleRows, weightedColumnSums, weightedRowSums } from '../../src/yuma/rowProducts.ts'
import { type FixedRows, unpackRows } from '../../src/yuma/sparseRows.ts'
import { normaliseStake } from '../../src/yuma/stake.ts'
import { subnetEmissions } from '../../src/yuma/subnetEmissions.ts'
import { subnetTerms } from '../../src/yuma/subnetTerms.ts'
import { normalise } from '../../src/yuma/vector.ts'
import { type KeepEntry, keepEntries, notOnSelf, ofPermitted } from '../../src/yuma/weights.ts'

const int = z.int()
const ints = z.array(int)
const booleans = z.array(z.boolean())
/** Raw values and u64 amounts are decimal strings; for scalars of the BigInt level. */
const big = z.string().transform(BigInt)
const bigs = z.array(big)
/** Raw I32F32 for the kernel, integers in doubles. */
const raw = z.string().transform(Number).refine(Number.isSafeInteger)
const raws = z.array(raw).transform((values) => Float64Array.from(values))
const rows = z.array(z.array(z.tuple([int, raw]))).transform(fixedRows)

function fixedRows(lists: [number, number][][]): FixedRows {
  const entries = lists.flat()
  const rowStart = new Uint32Array(lists.length + 1)
  for (const [i, list] of lists.entries()) rowStart[i + 1] = rowStart[i]! + list.length
  return {
    rowStart,
    column: Uint16Array.from(entries, ([column]) => column),
    value: Float64Array.from(entries, ([, value]) => value),
  }
}

/** Rows as the format writes them. */
function written(matrix: FixedRows): [number, number][][] {
  return unpackRows<number>(matrix)
}

/** `keepEntries` reads u16 values; here they number the entries, so that any raw value passes through. */
function kept(matrix: FixedRows, keep: KeepEntry): [number, number][][] {
  const numbers = Uint16Array.from(matrix.value, (_, k) => k)
  const result = keepEntries({ ...matrix, value: numbers }, keep)
  return written({ ...result, value: result.value.map((number) => matrix.value[number / 2 ** 32]!) })
}

const widest = (...matrices: FixedRows[]): number =>
  1 + Math.max(-1, ...matrices.flatMap((matrix) => [...matrix.column]))

function vector<Fields extends z.ZodRawShape>(
  fields: Fields,
  run: (input: z.output<z.ZodObject<Fields>>) => unknown,
): (input: unknown) => unknown {
  const schema = z.strictObject(fields)
  return (input) => run(schema.parse(input) as z.output<z.ZodObject<Fields>>)
}

/** The format's function names and ours. */
export const yumaFunctions: Readonly<Record<string, (input: unknown) => unknown>> = {
  // Number types and transcendental functions.
  saturating_mul: vector({ a: bigs, b: bigs }, ({ a, b }) => a.map((x, i) => i32f32.mul(x, b[i]!))),
  safe_div: vector({ a: bigs, b: bigs }, ({ a, b }) => a.map((x, i) => i32f32.safeDiv(x, b[i]!))),
  vec_mul: vector({ a: bigs, b: bigs }, ({ a, b }) => a.map((x, i) => i32f32.mul(x, b[i]!))),
  vecdiv: vector({ x: bigs, y: bigs }, ({ x, y }) => x.map((value, i) => i32f32.safeDiv(value, y[i]!))),
  u16_ratio: vector({ x: ints }, ({ x }) => x.map(ratioU16)),
  fixed_proportion_to_u16: vector({ x: raws }, ({ x }) => Array.from(x, quantiseU16)),
  exp_safe: vector({ x: bigs }, ({ x }) => x.map(expSafe)),
  ln: vector({ x: bigs }, ({ x }) => x.map(ln)),
  log2: vector({ x: bigs }, ({ x }) => x.map(log2)),
  sigmoid_safe: vector({ x: bigs, rho: big, kappa: big }, ({ x, rho, kappa }) =>
    x.map((value) => sigmoidSafe(value, rho, kappa)),
  ),

  // Vectors and matrices.
  inplace_normalize: vector({ x: raws }, ({ x }) => [...normalise(x)]),
  normalized_stake: vector({ stake: bigs }, ({ stake }) => [...normaliseStake(BigUint64Array.from(stake))]),
  is_topk: vector({ x: raws, k: int }, ({ x, k }) => Array.from(topK(x, k), Boolean)),
  is_topk_nonzero: vector({ x: raws, k: int }, ({ x, k }) => Array.from(topKNonzero(x, k), Boolean)),
  inplace_row_normalize_sparse: vector({ m: rows }, ({ m }) => written(normaliseRows(m))),
  inplace_col_normalize_sparse: vector({ m: rows, columns: int }, ({ m, columns }) =>
    written(normaliseColumns(m, columns)),
  ),
  inplace_col_max_upscale_sparse: vector({ m: rows, columns: int }, ({ m, columns }) =>
    written(upscaleColumns(m, columns)),
  ),
  mask_rows_sparse: vector({ mask: booleans, m: rows }, ({ mask, m }) =>
    kept(m, ofPermitted(Uint8Array.from(mask, (masked) => (masked ? 0 : 1)))),
  ),
  mask_diag_sparse: vector({ m: rows }, ({ m }) => kept(m, notOnSelf(null))),
  mask_diag_sparse_except_index: vector({ m: rows, except: int }, ({ m, except }) => kept(m, notOnSelf(except))),
  row_sum_sparse: vector({ m: rows }, ({ m }) => [...rowSums(m)]),
  row_hadamard_sparse: vector({ m: rows, v: raws }, ({ m, v }) => written(scaleRows(m, v))),
  mat_vec_mul_sparse: vector({ m: rows, v: bigs }, ({ m, v }) =>
    written(m).map((row) => row.map(([j, value]) => [j, i32f32.mul(BigInt(value), v[j]!)])),
  ),
  matmul_sparse: vector({ m: rows, v: raws, columns: int }, ({ m, v, columns }) => [
    ...weightedColumnSums(m, v, columns),
  ]),
  matmul_transpose_sparse: vector({ m: rows, v: raws }, ({ m, v }) => [...weightedRowSums(m, v)]),
  col_clip_sparse: vector({ m: rows, threshold: raws }, ({ m, threshold }) => written(clipToConsensus(m, threshold))),
  weighted_median: vector(
    { stake: raws, score: raws, minority: raw, partition_lo: raw, partition_hi: raw },
    ({ stake, score, minority, partition_lo: lo, partition_hi: hi }) =>
      weightedMedian(score, stake, { from: 0, to: score.length, lo, hi }, minority),
  ),
  weighted_median_col_sparse: vector(
    { stake: raws, score: rows, columns: int, majority: raw },
    ({ stake, score, columns, majority }) => [...consensusOf(score, stake, majority, columns)],
  ),
  interpolate_sparse: vector({ a: rows, b: rows, columns: int, ratio: raw }, ({ a, b, columns, ratio }) =>
    written(interpolateRows(a, b, ratio, columns)),
  ),
  mat_ema_sparse: vector({ new: rows, old: rows, alpha: raw }, (input) =>
    written(movingAverage(input.new, input.old, input.alpha, widest(input.new, input.old))),
  ),
  mat_ema_alpha_sparse: vector({ new: rows, old: rows, alpha: z.array(raws) }, (input) => {
    const alphas = written(input.new).flatMap((row, i) => row.map(([j]) => input.alpha[i]![j]!))
    const columns = widest(input.new, input.old)
    return written(liquidMovingAverage(input.new, input.old, Float64Array.from(alphas), columns))
  }),
  alpha_sigmoid: vector(
    { consensus: raw, weight: raw, bond: raw, alpha_low: raw, alpha_high: raw, steepness: raw },
    (input) =>
      alphaOf(
        { low: input.alpha_low, high: input.alpha_high, slope: Math.trunc(input.steepness / -100) },
        input.consensus,
        input.weight,
        input.bond,
      ),
  ),
  bonds_ema_alpha: vector({ moving_average: ints }, (input) =>
    input.moving_average.map((average) => bondsRate(BigInt(average))),
  ),

  // Weights as they are stored.
  vec_max_upscale_to_u16: vector({ x: bigs }, ({ x }) => maxUpscale(x)),
  vec_u16_max_upscale_to_u16: vector({ x: ints }, ({ x }) => maxUpscaleU16(x)),
  check_vec_max_limited: vector({ x: ints, max_limit: int }, ({ x, max_limit: limit }) => isMaxLimited(x, limit)),

  // Coinbase.
  split_emissions: vector({ alpha: big, mechanisms: int, split: ints.nullable() }, ({ alpha, mechanisms, split }) =>
    splitEmission(alpha, mechanisms, split),
  ),
  block_emission_for_issuance: vector({ issuance: bigs }, ({ issuance }) => issuance.map(blockEmission)),
  decay_factor_q32: vector({ half_life: ints }, (input) => input.half_life.map(burnDecayFactor)),
  burn_after_blocks: vector(
    { burn: big, half_life: int, min_burn: big, max_burn: big, blocks: int },
    ({ burn, half_life: halfLife, min_burn: min, max_burn: max, blocks }) =>
      Array.from({ length: blocks }).reduce((price: bigint) => decayBurn(price, halfLife, { min, max }), burn),
  ),
  root_proportion: vector({ root_tao: big, tao_weight: big, alpha_issuance: big }, (input) =>
    rootProportion({ rootTao: input.root_tao, taoWeight: input.tao_weight, alphaIssuance: input.alpha_issuance }),
  ),
  subnet_terms: vector({ tao_emission: big, price: big, root_proportion: big, alpha_emission: big }, (input) => {
    const terms = subnetTerms({
      taoEmission: input.tao_emission,
      price: input.price,
      rootProportion: input.root_proportion,
      alphaEmission: input.alpha_emission,
    })
    return [terms.taoIn, terms.alphaIn, terms.excess]
  }),
  subnet_emissions: vector(
    { moving_price: bigs, miner_burned: bigs, enabled: booleans, block_emission: big },
    (input) =>
      subnetEmissions(
        input.enabled.map((enabled, i) => ({
          enabled,
          movingPrice: input.moving_price[i]!,
          minerBurned: input.miner_burned[i]!,
        })),
        input.block_emission,
      ),
  ),
  moving_price: vector(
    { old: big, price: big, moving_alpha: big, blocks_since_start: int, halving_blocks: int },
    (input) =>
      movingPrice({
        old: input.old,
        price: input.price,
        movingAlpha: input.moving_alpha,
        blocksSinceStart: BigInt(input.blocks_since_start),
        halvingBlocks: BigInt(input.halving_blocks),
      }),
  ),
  accrue_alpha: vector({ alpha_out: big, owner_cut: int.nullable(), root_proportion: big }, (input) => {
    const accrued = accrueAlpha({
      alphaOut: input.alpha_out,
      ownerCut: input.owner_cut,
      rootProportion: input.root_proportion,
    })
    return [accrued.ownerCut, accrued.server, accrued.validator, accrued.root]
  }),
  dividend_distribution: vector(
    { pending_validator: big, pending_root: big, tao_weight_raw: big, rows: z.array(z.tuple([big, big, big])) },
    (input) => {
      const shares = dividendDistribution(
        input.rows.map(([alphaStake, rootStake, dividend]) => ({ alphaStake, rootStake, dividend })),
        { validator: input.pending_validator, root: input.pending_root, taoWeight: input.tao_weight_raw },
      )
      return [shares.alpha, shares.root]
    },
  ),
}
