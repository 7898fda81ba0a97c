import { type CopyingResult, usualCopying, weightCopying } from '../../../src/validator/sim/weightCopying.ts'
import { type Attack, attacks, type Earned, earnedBy, isPaid } from './attacks.ts'
import { type Cast, playSubnet, type Standing, type SubnetRules } from './playSubnet.ts'
import { type SwapGain, swapGain } from './swapGain.ts'

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

/** A validator that copies weights. */
export interface CopyLine extends CopyingResult {
  /** Of scores in weights. */
  readonly power: number
  /** 0: weights are set openly. */
  readonly revealEpochs: number
}

export interface AttackReport {
  readonly attacks: readonly AttackLine[]
  readonly swap?: SwapGain
  readonly weightCopying?: readonly CopyLine[]
}

/** Names that `npm run attacks` takes. */
export const attackNames: readonly string[] = [...attacks.map(({ name }) => name), 'swap', 'weights']

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

const copyingMiners = 16

function copyLines(): CopyLine[] {
  return [1, 2].flatMap((power) =>
    [0, 1, 2, 3, 4, 5].map((revealEpochs) => {
      const options = { ...usualCopying, miners: copyingMiners, seed: '1', rules: { revealEpochs } }
      return { power, revealEpochs, ...weightCopying({ ...options, power }) }
    }),
  )
}
