import { makeRng } from '../../src/base/random.ts'
import { epoch } from '../../src/yuma/epoch.ts'
import type { EpochInput } from '../../src/yuma/epochInput.ts'
import { unpackRows } from '../../src/yuma/sparseRows.ts'
import { epochInputOf } from '../oracle/epochInputOf.ts'
import type { OracleInput } from '../oracle/epochOracle.ts'

export type Rules = 'Yuma 3' | 'Yuma 2' | 'Yuma 3, liquid alpha'

const validators = 64

/**
 * A subnet in full swing: the first uids validate and weigh the others, near to what each is worth and not quite alike;
 * bonds are those that an earlier epoch left.
 *
 * @param share how many of the others are weighed, each by nearly every validator; fewer would leave no consensus
 */
export function makeSubnet(n: number, share: number, rules: Rules): OracleInput {
  const rng = makeRng(`yuma bench ${n} ${share}`)
  const worth = Array.from({ length: n }, () => rng.int(1_000, 55_000))
  const isWeighed = worth.map(() => rng.bool(share))
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: n }, (_, uid) => value(uid))
  const weights = perUid((i): [number, number][] => {
    if (i >= validators) return []
    const row: [number, number][] = []
    for (let j = 0; j < n; j++) {
      if (j !== i && isWeighed[j] && rng.bool(share < 1 ? 0.9 : 1))
        row.push([j, Math.floor(worth[j]! * (0.9 + 0.2 * rng.float()))])
    }
    return row
  })
  const subnet: OracleInput = {
    n,
    currentBlock: 100_000,
    tempo: 360,
    lastStepBlock: 99_640,
    activityCutoffBlocks: 5_000,
    lastUpdate: perUid(() => 99_900),
    blockAtRegistration: perUid(() => 1),
    alphaStake: perUid((i) => (i < validators ? BigInt(rng.int(1_000, 1_000_000)) * 1_000_000_007n : 0n)),
    taoStake: perUid((i) => (i < validators ? BigInt(rng.int(0, 100_000)) * 1_000_000_009n : 0n)),
    taoWeight: 971_718_665_099_567_868n,
    stakeThreshold: 0n,
    ownerUid: 0,
    validatorPermit: perUid((i) => i < validators),
    maxValidators: validators,
    kappa: 32_767,
    bondsPenalty: 65_535,
    bondsMovingAverage: 900_000n,
    yuma3: rules !== 'Yuma 2',
    liquidAlpha: rules === 'Yuma 3, liquid alpha',
    alphaLow: 45_875,
    alphaHigh: 58_982,
    alphaSigmoidSteepness: 1_000,
    commitReveal: true,
    commitBlocks: perUid(() => null),
    emission: 148_000_000_000n,
    weights,
    bonds: perUid(() => []),
  }
  const before: EpochInput = epochInputOf(subnet)
  return { ...subnet, bonds: unpackRows(epoch(before).bonds) }
}
