import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName, personName } from '../../shared/names.ts'
import { months } from '../months.ts'

const claims = [
  'breach of contract',
  'negligence',
  'trespass',
  'fraud',
  'defamation',
  'personal injury',
  'conversion',
  'nuisance',
  'unpaid wages',
  'professional negligence',
  'property damage',
  'unjust enrichment',
  'breach of warranty',
]

/** A month of a year, counted from 0 for January. */
export interface MonthOfYear {
  readonly year: number
  readonly month: number
}

/**
 * Limitation period, counted in months from accrual to commencement: an action begun later is barred. The period is
 * given, as it differs by claim and place.
 *
 * @see Limitation Act 1980 (UK), ss. 2 and 5 (six years); 28 U.S.C. § 1658(a) (four years)
 */
export const limitation: TaskFamily = {
  name: 'limitation',
  source: 'Limitation Act 1980 (UK), ss. 2 and 5; 28 U.S.C. § 1658(a)',
  term: 'limitation of actions',
  rule: 'Limitation bars an action that is brought after its period, counted from the accrual of the claim, has ended',
  make: (rng) => {
    const years = rng.int(1, 12)
    const accrued = { year: rng.int(1990, 2015), month: rng.int(0, 11) }
    // Never to the month, where the day would decide.
    const late = rng.bool() ? rng.int(1, 30) : -rng.int(1, Math.min(30, years * 12 - 1))
    const filedMonths = accrued.year * 12 + accrued.month + years * 12 + late
    const filed = { year: Math.floor(filedMonths / 12), month: filedMonths % 12 }
    return limitationTask(rng, years, accrued, filed)
  },
}

/** The task for given dates; drawn parts are wording only. */
export function limitationTask(rng: Rng, years: number, accrued: MonthOfYear, filed: MonthOfYear): TaskBody {
  const late = (filed.year - accrued.year) * 12 + filed.month - accrued.month - 12 * years
  const label = late > 0 ? 'barred' : 'timely'
  const claim = rng.pick(claims)
  const claimant = personName(rng)
  const from = `${months[accrued.month]!.name} ${accrued.year}`
  const to = `${months[filed.month]!.name} ${filed.year}`
  const period = years === 1 ? `${years} year` : `${years} years`
  return labelTask({
    question: compose(rng, {
      subjects: [
        `A claim for ${claim}`,
        `${claimant} sues ${firmName(rng)} for ${claim}`,
        `An action for ${claim} by ${claimant}`,
        'Limitation of actions',
      ],
      facts: [
        [
          `the limitation period is ${period}`,
          `the statute allows ${period}`,
          `suit must be brought within ${period}`,
          `the limitation statute sets ${period}`,
          `claims for ${claim} expire after ${period}`,
        ],
        [
          `the claim accrued in ${from}`,
          `the cause of action arose in ${from}`,
          `time began to run in ${from}`,
          `the wrong was done in ${from}`,
          `the breach happened in ${from}`,
        ],
        [
          `the action was filed in ${to}`,
          `the suit was brought in ${to}`,
          `proceedings were commenced in ${to}`,
          `the complaint was lodged in ${to}`,
          `${claimant} sued in ${to}`,
        ],
      ],
      asks: [
        'Is the action timely or barred?',
        'Answer timely or barred.',
        'Is the claim timely, or is it barred by limitation?',
        'Timely or barred?',
        'Decide whether the suit is timely or barred.',
      ],
    }),
    working: calc(`(${filed.year}-${accrued.year})*12+${filed.month + 1}-${accrued.month + 1}-12*${years}`, late),
    statement: `The action is ${label}.`,
    label,
    labels: ['timely', 'barred'],
  })
}
