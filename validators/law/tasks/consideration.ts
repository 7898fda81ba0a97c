import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { labelTask, type TaskBody } from '../../shared/build.ts'
import { personName } from '../../shared/names.ts'

/** What stands for the letters of a story beside P and Q, the parties, and X, the amount. */
const fillers = {
  /** Deeds, done in return or freely. */
  D: [
    'paints the barn',
    'mows the lawn',
    'repairs the roof',
    'digs a well',
    'mends the fence',
    'trains the dog',
    'washes the windows',
    'cuts the hedge',
  ],
  /** Things. */
  T: [
    'an old car',
    'a painting',
    'a boat',
    'a piano',
    'a tractor',
    'a gold watch',
    'a bicycle',
    'a cow',
    'a stamp collection',
  ],
  /** Duties. */
  U: [
    'finish the house',
    'deliver the coal',
    'guard the shop',
    'repair the lift',
    'paint the hall',
    'pave the yard',
    'print the books',
  ],
  /** Liberties given up. */
  L: [
    'does not smoke',
    'drinks no alcohol',
    'does not gamble',
    'sells no alcohol',
    'opens no rival shop',
    'drops an honest lawsuit',
  ],
} as const

/** Stories of a promise, by what it is given for, with the rule for each. */
const promises = {
  'bargained exchange': {
    supports: true,
    rule: 'Consideration is a performance or a return promise that is bargained for and given in exchange',
    says: [
      'P promises X for some work, and Q D.',
      'P offers X for T and Q hands it over.',
      'Q D because P has promised X for it.',
      'P will pay X for T that Q agrees to deliver.',
      'P: "X if somebody D." Q hears of it and does so.',
    ],
  },
  'mutual promises': {
    supports: true,
    rule: 'A return promise that is bargained for and given in exchange is consideration',
    says: [
      'P promises X next month and Q promises a month of work in return.',
      'P undertakes to pay X and Q undertakes to U.',
      'Q agrees to U by May, P agrees to pay X.',
      'P and Q sign: X from the one, T from the other.',
    ],
  },
  forbearance: {
    supports: true,
    rule: 'Giving up a legal right or freedom in exchange for a promise is consideration',
    says: [
      'P promises X if Q L for a year, and Q keeps to it.',
      'P promises X and Q, who is free to choose, L in return.',
      'In return for X that P promises, Q L from now on.',
    ],
  },
  'past act': {
    supports: false,
    rule: 'What was done before a promise was not bargained for, so it is no consideration',
    says: [
      'Last year Q gave P T as a present; now P, grateful, promises X for it.',
      'Q once helped P without being asked. Years later P promises X for that.',
      'For help that Q gave freely long ago P now promises X.',
      'After Q had finished a favour unasked, P promised X for it.',
    ],
  },
  'existing duty': {
    supports: false,
    rule: 'Doing only what one already owes the other party is no consideration',
    says: [
      'Q, already bound to U, is promised X more by P for doing so.',
      'Q owes it to P by contract to U, yet P promises X on top for the same.',
      'Under their contract Q must U. P promises X if Q does no more than that.',
      'Q refuses to U as agreed until P promises X extra; nothing else changes.',
    ],
  },
  gift: {
    supports: false,
    rule: 'A promise for which nothing is sought in exchange is a gift without consideration',
    says: [
      'P promises X as a birthday gift and Q is delighted.',
      'Out of affection P promises X to Q, who does nothing.',
      'P promises to give X to Q and asks for nothing.',
      'P promises T and X to Q as a present.',
    ],
  },
  'illusory promise': {
    supports: false,
    rule: 'A promise that leaves its maker free not to perform is illusory and no consideration',
    says: [
      'P promises X and Q will U if Q feels like it.',
      'For X from P, Q promises to U unless Q changes its mind.',
      'P promises X; Q says it may or may not deliver T in return.',
      'P promises X for T, which Q will hand over only if Q wishes to.',
    ],
  },
} as const

export type PromiseKind = keyof typeof promises

/**
 * Whether a promise is supported by consideration: something is given in exchange for it that was not owed already.
 *
 * @see Restatement (Second) of Contracts §§ 71, 73, 77, 86 (1981); Hamer v. Sidway, 124 N.Y. 538 (1891)
 */
export const consideration: TaskFamily = {
  name: 'consideration',
  source: 'Restatement (Second) of Contracts §§ 71, 73, 77 and 86 (1981)',
  term: 'consideration',
  rule: 'Consideration is a performance or promise that is bargained for and that was not owed already',
  make: (rng) => {
    const supports = rng.bool()
    const kinds = (Object.keys(promises) as PromiseKind[]).filter((kind) => promises[kind].supports === supports)
    return considerationTask(rng, rng.pick(kinds))
  },
}

/** The task for a kind of promise; drawn parts are wording only. */
export function considerationTask(rng: Rng, kind: PromiseKind): TaskBody {
  const { says, supports, rule } = promises[kind]
  const promisor = personName(rng)
  const words: Readonly<Record<string, string>> = {
    P: promisor,
    Q: personName(rng),
    X: money(rng, drawMoney(rng, 100, 60_000)),
    D: rng.pick(fillers.D),
    T: rng.pick(fillers.T),
    U: rng.pick(fillers.U),
    L: rng.pick(fillers.L),
  }
  const story = rng.pick<string>(says).replace(/\b[PQXDTUL]\b/g, (letter) => words[letter]!)
  const ask = rng.pick([
    `Is the promise of ${promisor} supported by consideration, yes or no?`,
    'Yes or no: is there consideration?',
    `Is there consideration for the promise of ${promisor}? Reply yes or no.`,
    'Say yes or no: is the promise to pay binding for consideration?',
  ])
  const aside = rng.pick(['', '', ' It is in writing.', ' There were two witnesses.', ' They shook hands on it.'])
  const task = labelTask({
    question: rng.bool(0.7) ? `${story}${aside} ${ask}` : `${ask} ${story}${aside}`,
    working: kind,
    statement: `The promise is ${supports ? '' : 'not '}supported by consideration.`,
    label: supports ? 'yes' : 'no',
    labels: ['yes', 'no'],
  })
  return { ...task, rule }
}
