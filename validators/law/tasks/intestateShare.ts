import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { fileNoise } from '../../shared/distract.ts'
import { personName } from '../../shared/names.ts'

/** Who survives beside the spouse; what the spouse takes first, and which part of the balance; the rule for each heir. */
const families = {
  parent: {
    first: 300_000,
    part: '3/4',
    rules: {
      spouse:
        "The spouse's intestate share, with a parent and no descendants, is the first 300000 dollars and three quarters of the rest",
    },
    says: () => ['no descendants, but a parent survives', 'a parent and no descendants survive'],
  },
  'children of both, spouse has others': {
    first: 225_000,
    part: '1/2',
    rules: {
      spouse:
        "The spouse's intestate share, where the spouse also has other children, is the first 225000 dollars and half of the rest",
      child:
        "A child's intestate share is an equal part of what is left after the spouse takes 225000 dollars and half of the rest",
    },
    says: (children: number) => [
      `${children} children of the couple survive, and the spouse has another child from before`,
      `the couple's ${children} children survive; the spouse also has a child of an earlier marriage`,
    ],
  },
  'children of another': {
    first: 150_000,
    part: '1/2',
    rules: {
      spouse:
        "The spouse's intestate share, with children of the deceased by another, is the first 150000 dollars and half of the rest",
      child:
        "A child's intestate share is an equal part of what is left after the spouse takes 150000 dollars and half of the rest",
    },
    says: (children: number) => [
      `${children} children survive, all from an earlier marriage of the deceased`,
      `the deceased leaves ${children} children of a former partner`,
    ],
  },
} as const

export type FamilyKind = keyof typeof families

/**
 * Intestate share in dollars under the Uniform Probate Code, of the surviving spouse or of each child: the spouse takes a
 * first sum and a part of the balance, the children the rest in equal parts.
 *
 * @see Uniform Probate Code (as amended 2008), §§ 2-102 and 2-103
 */
export const intestateShare: TaskFamily = {
  name: 'intestate-share',
  source: 'Uniform Probate Code (as amended 2008), §§ 2-102 and 2-103',
  term: 'an intestate share',
  rule: 'An intestate share is the part of an estate that a spouse or child takes by statute where there is no will',
  make: (rng) => {
    const kind = rng.pick(Object.keys(families) as FamilyKind[])
    const { first } = families[kind]
    const small = rng.bool(0.2)
    const estate = small ? drawMoney(rng, 20_000, first - 1000) : drawMoney(rng, first + 10_000, 2_000_000)
    const asksChild = kind !== 'parent' && !small && rng.bool()
    return intestateShareTask(rng, kind, estate, rng.int(2, 6), asksChild ? 'child' : 'spouse')
  },
}

/** The task for a net estate in dollars and a number of children, two or more; drawn parts are wording only. */
export function intestateShareTask(
  rng: Rng,
  kind: FamilyKind,
  estate: number,
  children: number,
  heir: 'spouse' | 'child',
): TaskBody {
  const { first, part, says, rules } = families[kind]
  const balance = Math.max(0, estate - first)
  const spouse = Math.min(estate, first) + balance * (part === '3/4' ? 3 / 4 : 1 / 2)
  const value = heir === 'spouse' ? spouse : (estate - spouse) / children
  const shown = money(rng, estate)
  const name = personName(rng)
  const spouseExpression = estate > first ? `${first}+(${estate}-${first})*${part}` : String(estate)
  const task = numberTask({
    question: compose(rng, {
      subjects: [`${name} died without a will`, `The estate of ${name}, intestate`, 'An intestate estate'],
      facts: [
        [`the net estate is ${shown}`, `${shown} is left after debts`, `an estate of ${shown}`],
        ['a spouse survives', 'the spouse is alive', 'the deceased leaves a spouse'],
        says(children),
        ...fileNoise(rng).slice(0, 1),
      ],
      asks:
        heir === 'spouse'
          ? [
              "What is the spouse's share in dollars under the Uniform Probate Code (2008)?",
              'How many dollars does the spouse take under UPC 2-102 (2008)?',
              'Find the intestate share of the spouse, Uniform Probate Code as amended in 2008.',
            ]
          : [
              "What is each of the deceased's children's share in dollars under the Uniform Probate Code (2008)?",
              'How many dollars does each child of the deceased take under the UPC (2008)?',
              'Find the intestate share of one child of the deceased, Uniform Probate Code as amended in 2008.',
            ],
    }),
    working: [
      calc(`${estate}>${first}`, Number(estate > first)),
      calc(heir === 'spouse' ? spouseExpression : `(${estate}-${first})*${part}/${children}`, value),
    ].join(', '),
    quantity: heir === 'spouse' ? 'The share of the spouse' : 'The share of each child of the deceased',
    value,
    unit: 'USD',
  })
  return { ...task, rule: heir === 'child' && 'child' in rules ? rules.child : rules.spouse }
}
