import { makeRng, type Rng } from '../../../src/base/random.ts'
import { quantiseWeights } from '../../../src/chain/setWeights.ts'
import { domainScore } from '../../../src/validator/scoring/domainScore.ts'
import { epoch } from '../../../src/yuma/epoch.ts'
import { packRows, unpackRows } from '../../../src/yuma/sparseRows.ts'

/** What a subnet's owner can set against validators that copy weights. */
export interface CopyRules {
  /** Epochs between a commit and its reveal; 0: weights are set openly. */
  readonly revealPeriodEpochs: number
  /** Bonds follow weights by liquid alpha (70 to 90 % an epoch), not by the moving average (10 %). */
  readonly liquidAlpha: boolean
  /** Weights follow scores to this power (`--scores.power`). */
  readonly power: number
}

export interface CopyCase {
  readonly seed: string
  readonly miners: number
  /** Honest ones; the copier has as much stake as one of them. */
  readonly validators: number
  readonly epochs: number
  /** Half of the miners change skill after so many epochs. */
  readonly changeEpochs: number
  /** Epochs before dividends are counted: at the start of a subnet a copier has nothing to copy, and later it does. */
  readonly warmUpEpochs: number
}

export const copyCase: CopyCase = {
  seed: 'copying',
  miners: 16,
  validators: 4,
  epochs: 50,
  changeEpochs: 5,
  warmUpEpochs: 0,
}

/** Of a validator's newest answers per miner; more than these do not count. */
const answers = 200
const skills = { least: 0.2, most: 0.95 }

type Row = readonly (readonly [uid: number, weight: number])[]

/**
 * What a validator earns that sets the weights of the others as the chain shows them, in the chain's own epoch arithmetic.
 *
 * Honest validators score each miner by answers of their own and commit each epoch; what they commit counts, and is seen,
 * `revealPeriodEpochs` later. The copier commits the mean of what it sees, so that it is as late once more. Openly set
 * weights it copies in the same epoch.
 *
 * @returns the copier's dividends as a multiple of an honest validator's mean, per stake
 */
export function copierShare(
  { seed, miners, validators, epochs, changeEpochs, warmUpEpochs }: CopyCase,
  rules: CopyRules,
): number {
  const rng = makeRng(seed)
  const n = validators + 1 + miners
  const skill = Array.from({ length: miners }, () => drawSkill(rng))
  const seen: Row[][] = []
  const committed: Row[][] = []
  let bonds: Row[] = Array.from({ length: n }, () => [])
  let honest = 0
  let copier = 0
  for (let now = 0; now < warmUpEpochs + epochs; now++) {
    if (now > 0 && now % changeEpochs === 0) {
      for (const miner of rng.shuffle([...skill.keys()]).slice(0, miners / 2)) skill[miner] = drawSkill(rng)
    }
    const scored = Array.from({ length: validators }, () =>
      rowOf(
        skill.map((p) => scoreOf(p, rng) ** rules.power),
        validators + 1,
      ),
    )
    const shown = rules.revealPeriodEpochs === 0 ? scored : (seen.at(-1) ?? [])
    committed.push([...scored, meanRow(shown, n)])
    const inForce = committed[now - rules.revealPeriodEpochs]
    if (inForce === undefined) continue
    seen.push(inForce.slice(0, validators))
    const weights: Row[] = [...inForce, ...Array.from({ length: miners }, (): Row => [])]
    const out = epoch({
      ...subnet(n, validators + 1),
      liquidAlpha: rules.liquidAlpha,
      currentBlock: 360 * (now + 100),
      lastUpdate: Array.from({ length: n }, () => 360 * (now + 100) - 1),
      weights: packRows(weights, n),
      bonds: packRows(bonds, n),
    })
    bonds = unpackRows(out.bonds)
    if (now < warmUpEpochs) continue
    for (let i = 0; i < validators; i++) honest += out.dividends[i]! / validators
    copier += out.dividends[validators]!
  }
  return copier / honest
}

function drawSkill(rng: Rng): number {
  return skills.least + (skills.most - skills.least) * rng.float()
}

/** What one validator makes of a miner. */
function scoreOf(skill: number, rng: Rng): number {
  const heard = Array.from({ length: answers }, (_, round) => {
    return { round, family: 'coin', kind: 'scored' as const, chance: 0, lateness: 0, score: rng.bool(skill) ? 1 : 0 }
  })
  return domainScore(heard).score
}

function rowOf(scores: readonly number[], firstUid: number): Row {
  const { uids, values } = quantiseWeights(scores)
  return uids.map((uid, i) => [firstUid + uid, values[i]!] as const)
}

/** What a copier sets: the mean of the rows it sees, each as shares. */
function meanRow(rows: readonly Row[], n: number): Row {
  const sums = Array.from({ length: n }, () => 0)
  for (const row of rows) {
    const total = row.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [uid, weight] of row) sums[uid]! += weight / total
  }
  return rowOf(sums, 0)
}

/** A subnet with the chain's values for what is not asked about here; the first uids validate. */
function subnet(n: number, validators: number) {
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: n }, (_, uid) => value(uid))
  return {
    n,
    tempo: 360,
    lastStepBlock: 0,
    activityCutoffBlocks: 5_000,
    blockAtRegistration: perUid(() => 1),
    alphaStake: BigUint64Array.from(perUid((uid) => (uid < validators ? 1_000_000_000_000n : 0n))),
    taoStake: BigUint64Array.from(perUid(() => 0n)),
    taoWeight: 971_718_665_099_567_868n,
    stakeThreshold: 0n,
    ownerUid: null,
    validatorPermit: perUid((uid) => uid < validators),
    maxValidators: 64,
    kappa: 32_767,
    bondsPenalty: 65_535,
    bondsMovingAverage: 900_000n,
    yuma3: true,
    alphaLow: 45_875,
    alphaHigh: 58_982,
    alphaSigmoidSteepness: 1_000,
    commitReveal: true,
    commitBlocks: null,
    emission: 148_000_000_000n,
  }
}
