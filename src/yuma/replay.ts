import { InputError } from '../base/errors.ts'
import { compareOutput, type Difference } from './compareOutput.ts'
import { epoch } from './epoch.ts'
import type { EpochOutput } from './epochOutput.ts'
import { type NamedOutput, namedOutput } from './namedOutput.ts'
import {
  type Expected,
  epochInputOf,
  type FileInput,
  parseEpochCase,
  parseSequenceCase,
  parseVectorFile,
  type SequenceCase,
} from './vectorFile.ts'

/** One epoch that was run. */
export interface ReplayedEpoch {
  /** Outputs under the file's own names; with `trace` where the file states one. */
  readonly out: NamedOutput
  /** Whether everything the file states was met; null where it states nothing. */
  readonly equal: boolean | null
  readonly differences: readonly Difference[]
}

export type ReplayedCase =
  | ({ readonly name: string; readonly kind: 'epoch' } & ReplayedEpoch)
  | {
      readonly name: string
      readonly kind: 'epoch-sequence'
      readonly equal: boolean | null
      readonly steps: readonly ReplayedEpoch[]
    }
  | { readonly name: string; readonly kind: 'skipped'; readonly reason: string }

/** Plain data, ready for JSON. */
export interface ReplayReport {
  /** False as soon as one case differs; null where no case states anything. */
  readonly equal: boolean | null
  /** Cases run and cases of other kinds. */
  readonly run: number
  readonly skipped: number
  readonly cases: readonly ReplayedCase[]
}

/**
 * Runs the `epoch` and `epoch-sequence` cases of a parsed `yuma-vectors/1` file and compares what it states. Anyone can
 * replay a subnet's epoch with it, offline.
 *
 * @throws InputError naming case and field where the file cannot be used
 */
export function replay(file: unknown): ReplayReport {
  const cases = parseVectorFile(file).map((vector): ReplayedCase => {
    if (vector.kind === 'epoch') {
      const parsed = parseEpochCase(vector)
      return {
        name: parsed.name,
        kind: 'epoch',
        ...replayEpoch(parsed.name, parsed.in, parsed.out, parsed.tolerance).replayed,
      }
    }
    if (vector.kind === 'epoch-sequence') return replaySequence(parseSequenceCase(vector))
    return { name: vector.name, kind: 'skipped', reason: `cases of kind ${vector.kind} are not epochs` }
  })
  const run = cases.filter((result) => result.kind !== 'skipped')
  return {
    equal: allEqual(run.map((result) => result.equal)),
    run: run.length,
    skipped: cases.length - run.length,
    cases,
  }
}

/** Bonds and permits that a step leaves behind are the next step's inputs. */
function replaySequence(sequence: SequenceCase): ReplayedCase {
  let state: FileInput = sequence.base
  const steps = sequence.steps.map((step, k) => {
    state = { ...state, ...given(step.set ?? {}) }
    if (step.drop_bond_column !== undefined) {
      state = { ...state, bonds: state.bonds.map((row) => row.filter(([j]) => j !== step.drop_bond_column)) }
    }
    const { replayed, output } = replayEpoch(`${sequence.name}.steps.${k}`, state, step.out, sequence.tolerance)
    state = { ...state, bonds: replayed.out.bonds, validator_permit: output.validatorPermit }
    return replayed
  })
  return { name: sequence.name, kind: 'epoch-sequence', equal: allEqual(steps.map((step) => step.equal)), steps }
}

function given(set: SequenceCase['steps'][number]['set'] & object): Partial<FileInput> {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined))
}

function replayEpoch(
  name: string,
  input: FileInput,
  expected: Expected | undefined,
  tolerance: Readonly<Record<string, number>>,
): { replayed: ReplayedEpoch; output: EpochOutput } {
  const output = runNamed(name, input, expected?.trace !== undefined)
  const out = namedOutput(output)
  const differences = expected === undefined ? [] : compareOutput(expected, out, tolerance)
  const equal = expected === undefined || Object.keys(expected).length === 0 ? null : differences.length === 0
  return { replayed: { out, equal, differences }, output }
}

/** Runs the epoch; an input that it refuses is reported under the case's and the file's names. */
function runNamed(name: string, input: FileInput, trace: boolean): EpochOutput {
  for (const field of ['weights', 'bonds'] as const) {
    if (input[field].length !== input.n) {
      throw new InputError(`${name}.${field}.length`, input[field].length, `give a row for each of ${input.n} uids`)
    }
  }
  try {
    return epoch(epochInputOf(input), { trace })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const field = error.failure.field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    throw new InputError(`${name}.${field}`, error.failure.value, error.mend ?? 'see the format', { cause: error })
  }
}

function allEqual(results: readonly (boolean | null)[]): boolean | null {
  if (results.includes(false)) return false
  return results.includes(true) ? true : null
}
