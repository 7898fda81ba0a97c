import { z } from 'zod'
import { parseInput } from '../base/parse.ts'
import { maxU64 } from '../fixed/fixedFormat.ts'
import type { EpochInput } from './epochInput.ts'
import { packRows } from './sparseRows.ts'

/** The format that `faculty epoch` and the test runner read. */
export const vectorFormat = 'yuma-vectors/1'

const u16 = z.int().min(0).max(65535)
const block = z
  .int()
  .min(0)
  .max(2 ** 52)
/** u64 amounts are decimal strings; small ones may be numbers. */
const u64 = z
  .union([z.int().min(0), z.string().regex(/^\d{1,20}$/, 'give a u64 as a decimal string')])
  .transform(BigInt)
  .refine((value) => value <= maxU64, 'give a u64')
const sparse = z.array(z.array(z.tuple([u16, u16])))

const epochFields = z.strictObject({
  n: u16,
  current_block: block,
  tempo: u16,
  last_step_block: block,
  activity_cutoff_blocks: block,
  last_update: z.array(block),
  block_at_registration: z.array(block),
  alpha_stake: z.array(u64),
  tao_stake: z.array(u64),
  tao_weight: u64,
  stake_threshold: u64,
  owner_uid: u16.nullable(),
  validator_permit: z.array(z.boolean()),
  max_validators: u16,
  kappa: u16,
  bonds_penalty: u16,
  bonds_moving_average: u64,
  yuma3: z.boolean(),
  liquid_alpha: z.boolean(),
  alpha_low: u16,
  alpha_high: u16,
  alpha_sigmoid_steepness: z.int().min(-32768).max(32767),
  commit_reveal: z.boolean(),
  commit_blocks: z.array(block.nullable()).nullable(),
  emission: u64,
  weights: sparse,
  bonds: sparse,
})

/** Input of an epoch under the file's own names. */
export type FileInput = z.output<typeof epochFields>

const u16s = z.array(u16)
const booleans = z.array(z.boolean())
const amounts = z.array(u64)
const raws = z.array(z.string().regex(/^-?\d+$/, 'give a raw fixed-point value as a decimal string'))
const rawRows = z.array(z.array(z.tuple([u16, z.string().regex(/^-?\d+$/)])))

const expected = z.strictObject({
  active: booleans.optional(),
  stake_weight: u16s.optional(),
  consensus: u16s.optional(),
  incentive: u16s.optional(),
  dividends: u16s.optional(),
  validator_trust: u16s.optional(),
  validator_permit: booleans.optional(),
  server_emission: amounts.optional(),
  validator_emission: amounts.optional(),
  emission: amounts.optional(),
  stake: amounts.optional(),
  bonds: sparse.optional(),
  trace: z
    .strictObject({
      stake: raws.optional(),
      active_stake: raws.optional(),
      weights: rawRows.optional(),
      consensus: raws.optional(),
      validator_trust: raws.optional(),
      incentive: raws.optional(),
      dividends: raws.optional(),
      bonds: rawRows.optional(),
    })
    .optional(),
  at: z
    .array(
      z.strictObject({
        field: z.enum([
          'active',
          'stake_weight',
          'consensus',
          'incentive',
          'dividends',
          'validator_trust',
          'validator_permit',
          'server_emission',
          'validator_emission',
          'emission',
          'stake',
          'bonds',
        ]),
        uid: u16,
        col: u16.optional(),
        value: z.union([z.boolean(), u64]),
      }),
    )
    .optional(),
  approx: z
    .strictObject({
      tolerance: z.number().min(0),
      first_column: u16,
      bonds_proportion: z.array(z.array(z.number())).optional(),
      dividends_proportion: z.array(z.number()).optional(),
    })
    .optional(),
})

/** What a case states about an epoch's outputs. */
export type Expected = z.output<typeof expected>

const tolerance = z.record(z.string(), z.number().min(0)).default({})

const epochCase = z.object({ name: z.string(), in: epochFields, out: expected.optional(), tolerance })
const sequenceCase = z.object({
  name: z.string(),
  base: epochFields,
  steps: z.array(
    z.strictObject({
      set: epochFields.partial().optional(),
      drop_bond_column: u16.optional(),
      out: expected.optional(),
    }),
  ),
  tolerance,
})

export type EpochCase = z.output<typeof epochCase>
export type SequenceCase = z.output<typeof sequenceCase>

const header = z.object({
  format: z.literal(vectorFormat, `this reads files of the format ${vectorFormat}`),
  cases: z.array(z.looseObject({ name: z.string(), kind: z.string() })),
})

export type VectorCase = z.output<typeof header>['cases'][number]

/** The cases of a file, each still to be parsed by its kind. @throws InputError where the format is another */
export function parseVectorFile(file: unknown): VectorCase[] {
  return parseInput(header, file, '').cases
}

/** @throws InputError naming case and field */
export function parseEpochCase(vector: VectorCase): EpochCase {
  return parseInput(epochCase, vector, vector.name)
}

/** @throws InputError naming case and field */
export function parseSequenceCase(vector: VectorCase): SequenceCase {
  return parseInput(sequenceCase, vector, vector.name)
}

/** The file's names become ours. Lengths are checked by `epoch`. */
export function epochInputOf(input: FileInput): EpochInput {
  return {
    n: input.n,
    currentBlock: input.current_block,
    tempo: input.tempo,
    lastStepBlock: input.last_step_block,
    activityCutoffBlocks: input.activity_cutoff_blocks,
    lastUpdate: input.last_update,
    blockAtRegistration: input.block_at_registration,
    alphaStake: BigUint64Array.from(input.alpha_stake),
    taoStake: BigUint64Array.from(input.tao_stake),
    taoWeight: input.tao_weight,
    stakeThreshold: input.stake_threshold,
    ownerUid: input.owner_uid,
    validatorPermit: input.validator_permit,
    maxValidators: input.max_validators,
    kappa: input.kappa,
    bondsPenalty: input.bonds_penalty,
    bondsMovingAverage: input.bonds_moving_average,
    yuma3: input.yuma3,
    liquidAlpha: input.liquid_alpha,
    alphaLow: input.alpha_low,
    alphaHigh: input.alpha_high,
    alphaSigmoidSteepness: input.alpha_sigmoid_steepness,
    commitReveal: input.commit_reveal,
    commitBlocks: input.commit_blocks,
    emission: input.emission,
    weights: packRows(input.weights, input.n),
    bonds: packRows(input.bonds, input.n),
  }
}
