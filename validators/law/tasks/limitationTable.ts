import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName, personName } from '../../shared/names.ts'

const claims = [
  'breach of contract',
  'negligence',
  'trespass',
  'fraud',
  'defamation',
  'conversion',
  'nuisance',
  'unpaid wages',
  'malpractice',
  'unjust enrichment',
]

/** Claims with their limitation period in years. */
export type LimitationTable = readonly (readonly [claim: string, years: number])[]

/** When a claim arose and was brought, and the years for which its period was suspended in between. */
export interface Suit {
  readonly claim: string
  readonly accrued: number
  readonly filed: number
  readonly tolled: number
}

/**
 * Whether a claim is brought in time by a table of periods, all of which are given: the claim's own period, lengthened by
 * the time for which it was suspended. Events lie in the same month of their years.
 *
 * @see Limitation Act 1980 (UK), ss. 2, 4A and 5; American Pipe & Construction Co. v. Utah, 414 U.S. 538 (1974) (tolling)
 */
export const limitationTable: TaskFamily = {
  name: 'limitation-table',
  source: 'Limitation Act 1980, ss. 2, 4A, 5; American Pipe, 414 U.S. 538 (1974)',
  term: 'a limitation period',
  rule: 'A limitation period depends on the claim and stands still while it is tolled; an action after its end is barred',
  make: (rng) => {
    const chosen = rng.shuffle(claims).slice(0, rng.int(3, 4))
    const table = chosen.map((claim) => [claim, rng.int(1, 12)] as const)
    const [claim, years] = rng.pick(table)
    const tolled = rng.bool(0.4) ? rng.int(1, 4) : 0
    const accrued = rng.int(1985, 2008)
    const allowed = years + tolled
    // Never on the last day itself.
    const late = rng.bool() ? rng.int(1, 6) : -rng.int(1, Math.min(6, allowed))
    return limitationTableTask(rng, table, { claim, accrued, filed: accrued + allowed + late, tolled })
  },
}

/** The task for a given table and suit; drawn parts are wording only. */
export function limitationTableTask(
  rng: Rng,
  table: LimitationTable,
  { claim, accrued, filed, tolled }: Suit,
): TaskBody {
  const found = table.find(([name]) => name === claim)
  if (found === undefined) throw new RangeError(`limitationTableTask: ${claim} is not in the table`)
  const [, years] = found
  const late = filed - accrued - years - tolled
  const label = late > 0 ? 'barred' : 'timely'
  const between = rng.pick([' ', ': ', ' = '])
  const rows = table.map(([name, period]) => `${name}${between}${period}`).join(rng.pick([', ', '; ', ' | ']))
  const claimant = personName(rng)
  const shownTolled = tolled === 1 ? '1 year' : `${tolled} years`
  return labelTask({
    question: compose(rng, {
      subjects: [`${claimant} sues ${firmName(rng)}`, `${claimant} v. ${firmName(rng)}`, 'Limitation of actions'],
      facts: [
        [`periods in years: ${rows}`, `the statute sets, in years: ${rows}`, `limitation table (years): ${rows}`],
        [`the claim is for ${claim}`, `the action is one for ${claim}`, `sued for ${claim}`],
        [`it accrued in March ${accrued}`, `the wrong was done in March ${accrued}`, `time ran from March ${accrued}`],
        [
          `it was filed in March ${filed}`,
          `suit was brought in March ${filed}`,
          `the complaint came in March ${filed}`,
        ],
        ...(tolled === 0
          ? []
          : [[`the period was tolled for ${shownTolled}`, `time stood still for ${shownTolled} in between`]]),
      ],
      asks: [
        'Is the action timely or barred?',
        'Answer timely or barred.',
        'Timely or barred?',
        'Decide whether the suit is timely or barred.',
      ],
    }),
    working: `${claim} ${years}, ${calc(`${filed}-${accrued}-${years}${tolled === 0 ? '' : `-${tolled}`}`, late)}`,
    statement: `The action is ${label}.`,
    label,
    labels: ['timely', 'barred'],
  })
}
