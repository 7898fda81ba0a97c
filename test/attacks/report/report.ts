import { type Attack, attacks, type Earned, earnedBy } from './attacks.ts'
import { type Cast, type Length, playSubnet, type Standing, type SubnetRules } from './playSubnet.ts'
import { type SwapGain, swapGain } from './swapGain.ts'
import { type CopyRules, copierShare, copyCase } from './weightCopying.ts'

export interface AttackLine {
  readonly attack: string
  readonly defence: string
  readonly with: Earned
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

/** Enough for copies of an expert to be known as such. */
export const fullLength: Length = { asks: 500, epochs: 3 }
const swapLength: Length = { asks: 420, epochs: 4 }

/** Chance decides who of two equally good miners earns more: so much above a target is no miss. */
export const noise = 1.15

/** Runs these attacks with each defence in place, and again without it. Attacks that need the same subnet share one. */
export async function attackReport(names: readonly string[], length = fullLength): Promise<AttackReport> {
  const played = new Map<string, Promise<Standing[]>>()
  const play = async (cast: () => Cast, rules: SubnetRules): Promise<Standing> => {
    const key = `${cast.name} ${JSON.stringify(rules)} ${rules.weaken?.name}`
    const standings = played.get(key) ?? playSubnet(cast(), rules, length)
    played.set(key, standings)
    return (await standings).at(-1)!
  }
  const lines: AttackLine[] = []
  for (const attack of attacks.filter(({ name }) => names.includes(name))) {
    const { cast, without } = attack
    const earned = earnedBy(attack, await play(cast, {}))
    lines.push(lineOf(attack, earned, without === undefined ? null : earnedBy(attack, await play(cast, without))))
  }
  return {
    attacks: lines,
    ...(names.includes('swap') && { swap: await swapGain(swapLength) }),
    ...(names.includes('weights') && { weightCopying: copyLines() }),
  }
}

function lineOf({ name, defence, most }: Attack, earned: Earned, without: Earned | null): AttackLine {
  return { attack: name, defence, with: earned, without, most, ok: most === null || earned.times <= noise * most }
}

function copyLines(): CopyLine[] {
  return [0, 1, 2, 3, 4, 5].flatMap((revealPeriodEpochs) =>
    [false, true].map((liquidAlpha) => {
      const rules = { revealPeriodEpochs, liquidAlpha }
      return {
        ...rules,
        fromTheStart: copierShare(copyCase, rules),
        later: copierShare({ ...copyCase, warmUpEpochs: 40 }, rules),
      }
    }),
  )
}
