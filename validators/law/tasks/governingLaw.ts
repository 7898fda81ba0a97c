import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { fileNoise } from '../../shared/distract.ts'
import { firmName, personName } from '../../shared/names.ts'

/** Movable things, in the sense of UCC § 2-105. */
const goods = [
  'lumber',
  'laptops',
  'tractors',
  'wheat',
  'furniture',
  'generators',
  'cattle',
  'paint',
  'tyres',
  'pumps',
  'books',
]
/** What is no sale of goods. */
const others = [
  'legal advice',
  'a house',
  'farmland',
  'bookkeeping',
  'a lease of offices',
  'tutoring',
  'patent rights',
  'nursing',
  'trucking',
]
/** Work done with things that are delivered. */
const work = ['installation', 'programming', 'maintenance', 'design work', 'training', 'site work', 'assembly']

const rules = {
  single: 'UCC Article 2 governs goods, which are movable things, and the common law governs services, land and rights',
  mixed:
    'UCC Article 2 governs a contract for goods and services if the goods predominate, otherwise the common law does',
} as const

/** A contract for one kind of thing, or for goods and work at a price each. */
export type Subject = { readonly what: string } | { readonly goods: number; readonly work: number }

/**
 * Which law governs a contract: Article 2 of the Uniform Commercial Code for goods, the common law for services, land and
 * rights; for both together what predominates, here by price.
 *
 * @see Uniform Commercial Code §§ 2-102, 2-105(1); Bonebrake v. Cox, 499 F.2d 951, 960 (8th Cir. 1974)
 */
export const governingLaw: TaskFamily = {
  name: 'governing-law',
  source: 'UCC §§ 2-102, 2-105; Bonebrake v. Cox, 499 F.2d 951 (8th Cir. 1974)',
  term: 'the scope of UCC Article 2',
  rule: 'UCC Article 2 governs goods, the common law services, land and rights; a mixed contract follows its predominant part',
  make: (rng) => {
    const code = rng.bool()
    if (rng.bool(0.4)) return governingLawTask(rng, { what: rng.pick(code ? goods : others) })
    for (;;) {
      const [high, low] = [drawMoney(rng, 2000, 90_000), drawMoney(rng, 500, 80_000)]
      // Nearly equal prices would leave it open what predominates.
      if (high > low * 1.2) return governingLawTask(rng, code ? { goods: high, work: low } : { goods: low, work: high })
    }
  },
}

/** The task for a given contract; drawn parts are wording only. */
export function governingLawTask(rng: Rng, subject: Subject): TaskBody {
  const [buyer, seller] = [personName(rng), firmName(rng)]
  const isGoods = 'what' in subject ? goods.includes(subject.what) : subject.goods > subject.work
  const task = labelTask({
    question: compose(rng, {
      subjects: [
        `${buyer} contracts with ${seller}`,
        `A contract between ${seller} and ${buyer}`,
        'A contract is in dispute',
      ],
      facts: [...subjectFacts(rng, subject), ...fileNoise(rng)],
      asks: [
        'Which law governs it, ucc or common law?',
        'Ucc or common law?',
        'Answer ucc or common law.',
        'Does Article 2 of the UCC apply or the common law? Say ucc or common law.',
      ],
    }),
    working:
      'what' in subject
        ? `${subject.what} ${isGoods ? 'goods' : 'no goods'}`
        : calc(`${subject.goods}>${subject.work}`, Number(isGoods)),
    statement: `The ${isGoods ? 'UCC' : 'common law'} governs the contract.`,
    label: isGoods ? 'ucc' : 'common law',
    labels: ['ucc', 'common law'],
  })
  return { ...task, rule: 'what' in subject ? rules.single : rules.mixed }
}

function subjectFacts(rng: Rng, subject: Subject): (readonly string[])[] {
  if ('what' in subject) {
    const { what } = subject
    return [[`it is about ${what}`, `the contract is for ${what}`, `what is owed is ${what}`, `its subject is ${what}`]]
  }
  const [thing, deed] = [rng.pick(goods), rng.pick(work)]
  const [price, fee] = [money(rng, subject.goods), money(rng, subject.work)]
  return [
    [`${thing} for ${price}`, `it covers ${thing} at ${price}`, `${price} is the price of ${thing}`],
    [`${deed} for ${fee}`, `it covers ${deed} at ${fee}`, `${fee} is the fee for ${deed}`],
  ]
}
