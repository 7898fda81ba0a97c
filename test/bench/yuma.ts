import { epoch } from '../../src/yuma/epoch.ts'
import type { EpochInput } from '../../src/yuma/epochInput.ts'
import { epochInputOf } from '../oracle/epochInputOf.ts'
import { epochOracle, type OracleInput } from '../oracle/epochOracle.ts'
import { floatEpoch } from './floatEpoch.ts'
import { type BenchCase, type BenchResult, median } from './harness.ts'
import { makeSubnet, type Rules } from './makeSubnet.ts'

const sizes = [64, 256, 1_024, 4_096] as const
const rounds = 11
/** A turn of a round repeats until this much time is over. */
const turnMs = 15
const maxRatio = 4
const maxGrowth = 1.1
/** Larger ones take the BigInt oracle minutes. */
const oracleUpTo = 256

interface Case {
  readonly n: number
  readonly density: 'sparse' | 'full'
  readonly rules: Rules
  readonly plain: OracleInput
  readonly input: EpochInput
  /** Milliseconds by round. */
  readonly shipped: number[]
  readonly float: number[]
}

/** One epoch of the shipped consensus against the same sparse steps in ordinary doubles, turn and turn about. */
export async function bench(): Promise<BenchResult> {
  const sparse = sizes.map((n) => makeCase(n, 'sparse', 'Yuma 3'))
  const full = sizes.map((n) => makeCase(n, 'full', 'Yuma 3'))
  const others = (['Yuma 2', 'Yuma 3, liquid alpha'] as const).map((rules) => makeCase(1_024, 'full', rules))
  const cases = [...sparse, ...full, ...others]
  for (let round = -2; round < rounds; round++) {
    for (const { input, shipped, float } of cases) {
      const shippedMs = timeOf(() => epoch(input))
      const floatMs = timeOf(() => floatEpoch(input))
      // The first rounds warm up.
      if (round < 0) continue
      shipped.push(shippedMs)
      float.push(floatMs)
    }
  }
  return {
    name: 'yuma',
    cases: [
      ...cases.map(besideDoubles),
      ...growth(sparse),
      ...growth(full),
      ...[...sparse, ...full].filter(({ n }) => n <= oracleUpTo).map(besideOracle),
    ],
  }
}

function makeCase(n: number, density: Case['density'], rules: Rules): Case {
  const plain = makeSubnet(n, density === 'full' ? 1 : 1 / 8, rules)
  return { n, density, rules, plain, input: epochInputOf(plain), shipped: [], float: [] }
}

function nameOf({ n, density, rules, input }: Case): string {
  return `${n} UIDs, ${density}, ${input.weights.column.length} weights, ${rules}`
}

/**
 * Milliseconds a run, in processor time: with the clock, whatever else the machine does would count, and longest for the
 * longest runs.
 */
function timeOf(run: () => unknown): number {
  const start = process.cpuUsage()
  let runs = 0
  let usedMs = 0
  do {
    run()
    runs++
    const { user, system } = process.cpuUsage(start)
    usedMs = (user + system) / 1_000
  } while (usedMs < turnMs)
  return usedMs / runs
}

function besideDoubles(one: Case): BenchCase {
  const { shipped, float } = one
  const ratio = median(shipped.map((ms, i) => ms / float[i]!))
  const [value, bound] = [median(shipped), median(float)]
  const ok = ratio <= maxRatio
  return { case: `${nameOf(one)}; bound: doubles`, value, unit: 'ms', bound, ratio, target: maxRatio, ok }
}

/**
 * From one size to the next, time should grow no faster than the number of weights; a tenth is left to caches. The least
 * disturbed round of each size counts, as rounds of two sizes are not disturbed alike.
 */
function growth(cases: readonly Case[]): BenchCase[] {
  return cases.slice(1).map((large, at) => {
    const small = cases[at]!
    const value = Math.min(...large.shipped) / Math.min(...small.shipped)
    const bound = large.input.weights.column.length / small.input.weights.column.length
    const ratio = value / bound
    const name = `time, ${small.n} to ${large.n} UIDs, ${large.density}; bound: weights`
    return { case: name, value, unit: 'times', bound, ratio, target: maxGrowth, ok: ratio <= maxGrowth }
  })
}

function besideOracle(one: Case): BenchCase {
  const startMs = performance.now()
  epochOracle(one.plain)
  const value = performance.now() - startMs
  const bound = median(one.shipped)
  const name = `BigInt oracle, ${nameOf(one)}; bound: shipped`
  return { case: name, value, unit: 'ms', bound, ratio: value / bound, target: null, ok: true }
}
