import fc from 'fast-check'
import type { OracleInput, Row } from './epochOracle.ts'

const maxU64 = (1n << 64n) - 1n
const u16 = fc.oneof(fc.constantFrom(0, 1, 32767, 32768, 65534, 65535), fc.integer({ min: 0, max: 65535 }))

/** Amounts from dust to a whole supply; equal ones are common, as they meet the exact-quotient branch. */
const amount = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0n, 1n, 7n, 1_000_000_000n, 21_000_000_000_000_000n) },
  { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 13n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: (1n << 57n) - 1n }) },
)

/** A stored row: no target twice, in any order, zeros included; rows of equal weights are common. */
function row(n: number): fc.Arbitrary<Row<number>> {
  const value = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: u16 })
  const sorted = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: n - 1 }), value), {
    selector: ([column]) => column,
    maxLength: n,
  })
  return fc.oneof(
    fc.constant<Row<number>>([]),
    sorted,
    sorted.map((entries) => [...entries].sort(([a], [b]) => a - b)),
    sorted.map((entries) => entries.map(([column]): [number, number] => [column, 65535])),
  )
}

/** Rates as the chain allows them, and what root may set beyond. */
const bondsMovingAverage = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0n, 1n, 900_000n, 975_000n, 1_000_000n) },
  { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: 1_000_000n }) },
  { weight: 2, arbitrary: fc.constantFrom(1_000_001n, 2_000_000n, 10n ** 12n, 1n << 62n, 1n << 63n, maxU64) },
)

const steepness = fc.oneof(
  fc.constantFrom(1000, 0, -1000, 2400, 4000, 32767, -32768),
  fc.integer({ min: -32768, max: 32767 }),
)

/** Any subnet that chain storage can hold, up to `maxUids` uids. */
export function arbitrarySubnet(maxUids: number): fc.Arbitrary<OracleInput> {
  return fc.integer({ min: 1, max: maxUids }).chain((n) => {
    const perUid = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.array(arbitrary, { minLength: n, maxLength: n })
    // Close together, so that registrations, updates, commits and epochs fall before, on and after each other.
    const block = fc.oneof(fc.integer({ min: 900, max: 1000 }), fc.constantFrom(0, 500, 999, 1000))
    return fc.record<OracleInput>({
      n: fc.constant(n),
      currentBlock: fc.constant(1000),
      tempo: fc.constantFrom(1, 20, 100, 360, 65535),
      lastStepBlock: fc.constantFrom(0, 500, 900, 950),
      activityCutoffBlocks: fc.constantFrom(1, 50, 100, 500, 5000),
      lastUpdate: perUid(block),
      blockAtRegistration: perUid(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: block })),
      alphaStake: perUid(amount),
      taoStake: perUid(amount),
      taoWeight: fc.constantFrom(0n, 971_718_665_099_567_868n, 1n, maxU64),
      stakeThreshold: fc.constantFrom(0n, 0n, 1n, 10n ** 9n, 10n ** 13n, maxU64),
      ownerUid: fc.option(fc.integer({ min: 0, max: n - 1 })),
      validatorPermit: perUid(fc.boolean()),
      maxValidators: fc.oneof(fc.integer({ min: 0, max: n }), fc.constantFrom(64, 128, 65535)),
      kappa: u16,
      bondsPenalty: fc.oneof(fc.constantFrom(0, 65535), u16),
      bondsMovingAverage,
      yuma3: fc.boolean(),
      liquidAlpha: fc.boolean(),
      alphaLow: u16,
      alphaHigh: u16,
      alphaSigmoidSteepness: steepness,
      commitReveal: fc.boolean(),
      commitBlocks: perUid(fc.option(block)),
      emission: fc.oneof(fc.constantFrom(0n, 1n, maxU64), fc.bigInt({ min: 0n, max: 10n ** 12n })),
      weights: perUid(row(n)),
      bonds: perUid(row(n)),
    })
  })
}

/**
 * A subnet in full swing: everybody is active, holds a permit and stake, and most weigh most others, so that consensus,
 * bonds and dividends are seldom empty. Stakes and weights are few and simple, so that ties and exact halves abound.
 */
export function livelySubnet(maxUids: number): fc.Arbitrary<OracleInput> {
  return arbitrarySubnet(maxUids).chain((subnet) => {
    const { n } = subnet
    const perUid = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.array(arbitrary, { minLength: n, maxLength: n })
    const cell = fc.oneof(fc.constantFrom(0, 1, 3, 100, 65_534, 65_535), fc.integer({ min: 0, max: 65_535 }))
    const isThere = fc.integer({ min: 0, max: 3 }).map((draw) => draw > 0)
    const lively = perUid(fc.tuple(isThere, cell)).map((cells) =>
      cells.flatMap(([there, value], j): Row<number> => (there ? [[j, value]] : [])),
    )
    return fc
      .record({
        alphaStake: perUid(fc.oneof(fc.constantFrom(10n ** 9n, 10n ** 9n, 2n * 10n ** 9n), amount)),
        weights: perUid(lively),
        bonds: perUid(lively),
        kappa: fc.oneof(fc.constant(32_767), u16),
      })
      .map((parts) => ({
        ...subnet,
        ...parts,
        taoStake: parts.alphaStake.map(() => 0n),
        stakeThreshold: 0n,
        lastUpdate: parts.alphaStake.map(() => subnet.currentBlock),
        blockAtRegistration: subnet.blockAtRegistration.map((block) => Math.min(block, 950)),
        commitBlocks: parts.alphaStake.map(() => null),
        validatorPermit: parts.alphaStake.map(() => true),
      }))
  })
}
