import { type Attack, attacks, type Earned, earnedBy, isPaid } from './attacks.ts'
import { type Cast, playSubnet, type Standing, type SubnetRules } from './playSubnet.ts'
import { type SwapGain, swapGain } from './swapGain.ts'
import { type CopyRules, copierShare, copyCase } from './weightCopying.ts'

export interface AttackLine {
  readonly attack: string
  readonly defence: string
  readonly with: Earned
  /** Questions to a miner, on average, until the attackers earned no more than the target for good; null without one. */
  readonly after: number | null
  readonly without: Earned | null
  readonly most: number | null
  readonly ok: boolean
}

export interface CopyLine extends CopyRules {
  /** The copier's dividends as a multiple of an honest validator's, per stake: from the start of the subnet, and later. */
  readonly fromTheStart: number
  readonly later: number
}

export interface AttackReport {
  readonly attacks: readonly AttackLine[]
  readonly swap?: SwapGain
  readonly weightCopying?: readonly CopyLine[]
}

/** Names that `npm run attacks` takes. */
export const attackNames: readonly string[] = [...attacks.map(({ name }) => name), 'swap', 'weights']

/** When the copier's late start no longer shows. */
const laterEpochs = 50

/** Chance decides who of two equally good miners earns more: so much above a target is no miss. */
export const noise = 1.15

/**
 * Runs these attacks with each defence in place, and again without it. Attacks that need the same subnet share one.
 *
 * @param onSubnet told of each subnet before it is played, for who waits
 */
export async function attackReport(
  names: readonly string[],
  onSubnet: (what: string) => void = () => undefined,
): Promise<AttackReport> {
  const played = new Map<string, Standing[]>()
  const play = async (cast: () => Cast, rules: SubnetRules): Promise<Standing[]> => {
    const key = [cast.name, rules.weaken?.name, JSON.stringify(rules)].join(' ')
    if (!played.has(key)) {
      onSubnet(key)
      played.set(key, await playSubnet(cast(), rules))
    }
    return played.get(key)!
  }
  const lines: AttackLine[] = []
  for (const attack of attacks.filter(({ name }) => names.includes(name))) {
    const { cast, without } = attack
    const standings = await play(cast, {})
    const undefended = without === undefined ? undefined : (await play(cast, without)).at(-1)!
    lines.push(lineOf(attack, standings, undefended))
  }
  return {
    attacks: lines,
    ...(names.includes('swap') && { swap: await swapGain() }),
    ...(names.includes('weights') && { weightCopying: copyLines() }),
  }
}

function lineOf(attack: Attack, standings: readonly Standing[], undefended: Standing | undefined): AttackLine {
  const { name, defence, most } = attack
  const earned = earnedBy(attack, standings.at(-1)!)
  return {
    attack: name,
    defence,
    with: earned,
    after: most === null ? null : settledAfter(attack, standings, noise * most),
    without: undefended === undefined ? null : earnedBy(attack, undefended),
    most,
    ok: most === null || earned.times <= noise * most,
  }
}

function settledAfter(attack: Attack, standings: readonly Standing[], most: number): number | null {
  const paid = standings.filter((standing) => isPaid(attack, standing))
  const over = paid.findLastIndex((standing) => earnedBy(attack, standing).times > most)
  return paid[over + 1]?.asks ?? null
}

const copySeeds = ['a', 'b', 'c']

const copyVariants = [
  { power: 1, liquidAlpha: false },
  { power: 1, liquidAlpha: true },
  { power: 2, liquidAlpha: false },
]

function copyLines(): CopyLine[] {
  return copyVariants.flatMap((variant) =>
    [0, 1, 2, 3, 4, 5].map((revealPeriodEpochs) => {
      const rules = { revealPeriodEpochs, ...variant }
      return { ...rules, fromTheStart: meanShare(rules, 0), later: meanShare(rules, laterEpochs) }
    }),
  )
}

function meanShare(rules: CopyRules, warmUpEpochs: number): number {
  const shares = copySeeds.map((seed) => copierShare({ ...copyCase, seed, warmUpEpochs }, rules))
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}
