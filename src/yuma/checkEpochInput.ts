import { InputError } from '../base/errors.ts'
import { clampU64 } from '../fixed/fixedFormat.ts'
import type { EpochInput } from './epochInput.ts'

const u16Fields = [
  'n',
  'tempo',
  'maxValidators',
  'kappa',
  'bondsPenalty',
  'alphaLow',
  'alphaHigh',
] as const satisfies readonly (keyof EpochInput)[]
const u64Fields = ['taoWeight', 'stakeThreshold', 'bondsMovingAverage', 'emission'] as const
const blockFields = ['currentBlock', 'lastStepBlock', 'activityCutoffBlocks'] as const
const vectorFields = ['lastUpdate', 'blockAtRegistration', 'alphaStake', 'taoStake', 'validatorPermit'] as const

/**
 * Refuses an input outside of what the chain can store. Inside, the epoch is exact.
 *
 * @throws InputError naming the field
 */
export function checkEpochInput(input: EpochInput): void {
  for (const field of u16Fields) {
    if (!isInteger(input[field], 0, 0xffff)) throw new InputError(field, input[field], 'give a u16')
  }
  for (const field of u64Fields) {
    if (clampU64(input[field]) !== input[field]) throw new InputError(field, input[field], 'give a u64')
  }
  for (const field of blockFields) checkBlock(field, input[field])
  for (const field of vectorFields) checkLength(field, input[field], input.n)
  for (const field of ['lastUpdate', 'blockAtRegistration'] as const) {
    for (let i = 0; i < input.n; i++) checkBlock(`${field}.${i}`, input[field][i]!)
  }
  if (input.commitBlocks !== null) {
    checkLength('commitBlocks', input.commitBlocks, input.n)
    for (let i = 0; i < input.n; i++) checkBlock(`commitBlocks.${i}`, input.commitBlocks[i] ?? 0)
  }
  if (input.ownerUid !== null && !isInteger(input.ownerUid, 0, input.n - 1)) {
    throw new InputError('ownerUid', input.ownerUid, 'give a uid below n, or null')
  }
  if (!isInteger(input.alphaSigmoidSteepness, -32768, 32767)) {
    throw new InputError('alphaSigmoidSteepness', input.alphaSigmoidSteepness, 'give an i16')
  }
  for (const field of ['weights', 'bonds'] as const) {
    const { rowStart, column, value } = input[field]
    checkLength(`${field}.rowStart`, rowStart, input.n + 1)
    if (rowStart[0] !== 0 || rowStart.some((start, i) => i > 0 && start < rowStart[i - 1]!)) {
      throw new InputError(`${field}.rowStart`, rowStart[0], 'row starts begin at 0 and never fall')
    }
    checkLength(`${field}.column`, column, rowStart[input.n]!)
    checkLength(`${field}.value`, value, rowStart[input.n]!)
  }
}

/** Twice 2^52 is still exact: sums of a block and a cutoff stay integers. */
function checkBlock(field: string, value: number): void {
  if (!isInteger(value, 0, 2 ** 52)) throw new InputError(field, value, 'give a block number up to 2^52')
}

function checkLength(field: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length) throw new InputError(`${field}.length`, values.length, `give ${length} elements`)
}

function isInteger(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}
