import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { firmName } from '../../shared/names.ts'
import { stateNumber, states } from '../states.ts'

/** A corporation that is sued, and what it did in the forum. */
export interface Defendant {
  readonly incorporatedIn: string
  readonly principalPlace: string
  readonly forum: string
  /** It turned to the forum on purpose. */
  readonly dealsThere: boolean
  /** The claim arises out of what it did there. */
  readonly arisesThere: boolean
}

const labels = ['general', 'specific', 'none'] as const

const rules = {
  general:
    'General jurisdiction over a corporation lies where it is incorporated or has its principal place of business',
  specific:
    'Specific jurisdiction lies where a claim arises from or relates to what a corporation deliberately does in the forum',
  none: 'There is no personal jurisdiction where a corporation is not at home and the claim is unrelated to its dealings there',
} as const

/**
 * Personal jurisdiction over a corporation: general where it is at home, that is incorporated or has its principal place of
 * business; else specific where it deals with the forum on purpose and the claim arises out of that; else none.
 *
 * @see Daimler AG v. Bauman, 571 U.S. 117, 137 (2014); Ford Motor Co. v. Montana Eighth Judicial District Court, 592 U.S. 351
 *   (2021)
 */
export const personalJurisdiction: TaskFamily = {
  name: 'personal-jurisdiction',
  source: 'Daimler AG v. Bauman, 571 U.S. 117 (2014); Ford, 592 U.S. 351 (2021)',
  term: 'personal jurisdiction over a corporation',
  rule: 'Personal jurisdiction is general where a corporation is at home, specific where its dealings there raise the claim, else none',
  make: (rng) => {
    const target = rng.pick(labels)
    const [forum, one, other] = rng.shuffle(states) as [string, string, string]
    const [incorporatedIn, principalPlace] =
      target === 'general'
        ? rng.pick([
            [forum, one],
            [one, forum],
            [forum, forum],
          ] as const)
        : [one, other]
    for (;;) {
      const [dealsThere, arisesThere] = [rng.bool(), rng.bool()]
      const defendant = { incorporatedIn, principalPlace, forum, dealsThere, arisesThere: dealsThere && arisesThere }
      if (jurisdictionOver(defendant) === target) return personalJurisdictionTask(rng, defendant)
    }
  },
}

export function jurisdictionOver(defendant: Defendant): (typeof labels)[number] {
  const { incorporatedIn, principalPlace, forum, dealsThere, arisesThere } = defendant
  if (incorporatedIn === forum || principalPlace === forum) return 'general'
  return dealsThere && arisesThere ? 'specific' : 'none'
}

/** The task for a given defendant; drawn parts are wording only. */
export function personalJurisdictionTask(rng: Rng, defendant: Defendant): TaskBody {
  const { incorporatedIn, principalPlace, forum, dealsThere, arisesThere } = defendant
  const firm = firmName(rng)
  const numbers = [incorporatedIn, principalPlace, forum].map(stateNumber) as [number, number, number]
  const [home, seat, court] = numbers
  const label = jurisdictionOver(defendant)
  const task = labelTask({
    question: compose(rng, {
      subjects: [`${firm} is sued`, `A suit against ${firm}`, 'A corporation is the defendant'],
      facts: [
        [
          `it is incorporated in ${incorporatedIn}`,
          `the defendant is a ${incorporatedIn} corporation`,
          `its place of incorporation is ${incorporatedIn}`,
        ],
        [
          `its principal place of business is ${principalPlace}`,
          `it is run from headquarters in ${principalPlace}`,
          `its head office is in ${principalPlace}`,
        ],
        [`the court sits in ${forum}`, `suit is brought in ${forum}`, `the forum is ${forum}`],
        dealsThere
          ? [
              'it sells its goods there on purpose',
              'it advertises to and serves customers there',
              'it has dealers and repair shops there',
            ]
          : ['it has no dealings there', 'it never turned to that market', 'it does nothing there'],
        arisesThere
          ? [
              'the claim arises from those dealings',
              'the injury was caused by a product sold there',
              'the dispute is about its business there',
            ]
          : [
              'the claim arises from events elsewhere',
              'the dispute has nothing to do with that State',
              'the injury happened abroad and concerns other business',
            ],
      ],
      asks: [
        'Which personal jurisdiction has the court (general or specific or none)?',
        'General, specific or none?',
        'Is personal jurisdiction general, specific or none?',
        'Answer general, specific or none for personal jurisdiction.',
      ],
    }),
    working: [
      `${incorporatedIn} ${home}, ${principalPlace} ${seat}, ${forum} ${court}`,
      calc(`(${home}-${court})*(${seat}-${court})`, (home - court) * (seat - court)),
      dealsThere ? 'deals there' : 'no dealings',
      arisesThere ? 'arises there' : 'arises elsewhere',
    ].join(', '),
    statement: `The court has ${label === 'none' ? 'no' : label} personal jurisdiction.`,
    label,
    labels,
  })
  return { ...task, rule: rules[label] }
}
