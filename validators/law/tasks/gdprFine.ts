import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** Article 83(4) and 83(5): the fixed ceiling in millions of euros, the percentage of turnover, the rule, what falls under it. */
const tiers = {
  lower: {
    fixed: 10,
    percent: 2,
    rule: "A GDPR fine for breach of a controller's duties is at most 10 million euros or, if higher, 2 percent of worldwide annual turnover",
    breaches: [
      'security of processing under Article 32',
      'records of processing under Article 30',
      'the duty to notify a data breach under Article 33',
      'data protection by design under Article 25',
      'the contract with a processor under Article 28',
      'the data protection officer under Article 37',
      'the impact assessment under Article 35',
      "a child's consent under Article 8",
    ],
  },
  higher: {
    fixed: 20,
    percent: 4,
    rule: 'A GDPR fine over principles, rights or transfers is at most 20 million euros or, if higher, 4 percent of worldwide annual turnover',
    breaches: [
      'the basic principles under Article 5',
      'the lawfulness of processing under Article 6',
      'the conditions for consent under Article 7',
      'special categories of data under Article 9',
      'the right of access under Article 15',
      'the right to erasure under Article 17',
      'the right to object under Article 21',
      'transfers to third countries under Article 44',
    ],
  },
} as const

export type Tier = keyof typeof tiers

/**
 * How far a fine stays below the ceiling of the General Data Protection Regulation: a fixed sum or, for an
 * undertaking, a percentage of the preceding year's worldwide turnover, whichever is higher. In millions of euros.
 *
 * @see Regulation (EU) 2016/679, Article 83(4) and (5)
 */
export const gdprFine: TaskFamily = {
  name: 'gdpr-fine',
  source: 'Regulation (EU) 2016/679 (GDPR), Article 83(4) and (5)',
  term: 'the maximum GDPR fine',
  rule: 'The maximum GDPR fine is a fixed sum or, if higher, a percentage of the worldwide turnover of the year before',
  make: (rng) => {
    const tier = rng.pick(['lower', 'higher'] as const)
    // 500 is where the percentage overtakes the fixed sum, in both tiers.
    const turnover = rng.bool(0.4) ? rng.int(20, 499) : rng.int(501, 4000)
    const ceiling = Math.max(tiers[tier].fixed, (turnover * tiers[tier].percent) / 100)
    const fine = drawDecimal(rng, 0.5, Math.floor(ceiling) - 0.5, rng.pick([0, 1]))
    return gdprFineTask(rng, tier, turnover, fine)
  },
}

/** The task for a given turnover and fine, both in millions of euros. */
export function gdprFineTask(rng: Rng, tier: Tier, turnover: number, fine: number): TaskBody {
  const { fixed, percent, rule, breaches } = tiers[tier]
  const share = (turnover * percent) / 100
  const ceiling = Math.max(fixed, share)
  const breach = rng.pick(breaches)
  const million = rng.pick(['million euros', 'million EUR', 'm euros'])
  const shownCeiling = share > fixed ? `${turnover}*${percent}/100` : String(fixed)
  const task = numberTask({
    question: compose(rng, {
      subjects: [
        `${firmName(rng)} infringed the GDPR`,
        `A case against ${firmName(rng)}`,
        'GDPR infringement',
        `An authority examines ${firmName(rng)}`,
      ],
      facts: [
        [
          `the breach concerns ${breach}`,
          `it violated ${breach}`,
          `the infringement is of ${breach}`,
          `at issue is ${breach}`,
        ],
        [
          `worldwide annual turnover was ${turnover} ${million}`,
          `it turned over ${turnover} ${million} last year`,
          `the group has an annual turnover of ${turnover} ${million}`,
          `total turnover of the preceding year is ${turnover} ${million}`,
        ],
        [
          `the authority plans a fine of ${fine} ${million}`,
          `a fine of ${fine} ${million} is proposed`,
          `the draft decision fines it ${fine} ${million}`,
          `the intended penalty is ${fine} ${million}`,
        ],
      ],
      asks: [
        `How many ${million} lie between the fine and the GDPR maximum?`,
        `By how many ${million} does the fine stay below the GDPR ceiling?`,
        `How far below the highest possible GDPR fine is that, in ${million}?`,
        `What room is left under the maximum fine of the GDPR, in ${million}?`,
      ],
    }),
    working: `${calc(`${turnover}*${percent}/100-${fixed}`, share - fixed)}, ${calc(`${shownCeiling}-${fine}`, ceiling - fine)}`,
    quantity: 'The room below the maximum fine',
    value: ceiling - fine,
    unit: 'million EUR',
  })
  return { ...task, rule }
}
