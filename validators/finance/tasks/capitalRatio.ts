import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'

/** Exposures in millions of euros, by risk weight. */
export interface Exposures {
  /** Weight 0: best-rated sovereigns. */
  readonly sovereigns: number
  /** Weight 20 %: best-rated banks. */
  readonly banks: number
  /** Weight 35 %: residential mortgages. */
  readonly mortgages: number
  /** Weight 100 %: unrated companies. */
  readonly companies: number
}

/**
 * Common equity tier 1 ratio in percent: capital over exposures, each times its risk weight.
 *
 * @see Basel Committee, "International Convergence of Capital Measurement and Capital Standards" (2006), paragraphs 53, 60, 66
 *   and 72; "Basel III: A global regulatory framework" (2011), paragraph 50
 */
export const capitalRatio: TaskFamily = {
  name: 'capital-ratio',
  source: 'Basel II (2006), paras 53, 60, 66 and 72; Basel III (2011), para 50',
  term: 'the CET1 ratio',
  rule: 'The CET1 ratio is CET1 capital over weighted exposures: AAA sovereigns 0 %, AAA banks 20 %, mortgages 35 %, unrated firms 100 %',
  make: (rng) => {
    const exposures = {
      sovereigns: rng.int(50, 900),
      banks: rng.int(50, 900),
      mortgages: rng.int(100, 2500),
      companies: rng.int(100, 2500),
    }
    return capitalRatioTask(rng, rng.int(20, 300), exposures)
  },
}

/** The task for capital in millions of euros and given exposures; drawn parts are wording only. */
export function capitalRatioTask(rng: Rng, capital: number, exposures: Exposures): TaskBody {
  const { sovereigns, banks, mortgages, companies } = exposures
  const value = (100 * capital) / ((banks * 20) / 100 + (mortgages * 35) / 100 + companies)
  const million = rng.pick(['million euros', 'million EUR', 'm euros'])
  return numberTask({
    question: compose(rng, {
      subjects: [`${firmName(rng)} Bank`, 'A bank', `The books of ${firmName(rng)} Bank`],
      facts: [
        [`CET1 capital ${capital} ${million}`, `common equity tier 1 of ${capital} ${million}`],
        [`AAA sovereigns ${sovereigns} ${million}`, `${sovereigns} ${million} lent to AAA sovereigns`],
        [`AAA banks ${banks} ${million}`, `${banks} ${million} lent to AAA banks`],
        [`residential mortgages ${mortgages} ${million}`, `${mortgages} ${million} of residential mortgages`],
        [`unrated companies ${companies} ${million}`, `${companies} ${million} lent to unrated companies`],
      ],
      asks: [
        'What is the CET1 ratio in percent (Basel standardised weights)?',
        'Find the CET1 ratio in percent by the standardised approach.',
        'Compute the common equity tier 1 ratio, standardised risk weights, in percent.',
      ],
    }),
    working: calc(`100*${capital}/(${banks}*20/100+${mortgages}*35/100+${companies})`, value),
    quantity: 'The CET1 ratio',
    value,
    unit: '%',
  })
}
