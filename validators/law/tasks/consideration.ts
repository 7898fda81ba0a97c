import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { labelTask, type TaskBody } from '../../shared/build.ts'
import { firmName, personName } from '../../shared/names.ts'

/** Promises of an amount X by P to Q, by what they are given for. */
const promises = {
  'bargained exchange': {
    supports: true,
    says: [
      'P promises X if Q paints the barn, and Q paints it.',
      'P offers X for an old car and Q hands the car over.',
      'Q repairs a roof because P has promised X for it.',
      'P will pay X for a painting that Q agrees to deliver.',
    ],
  },
  'mutual promises': {
    supports: true,
    says: [
      'P promises X next month and Q promises a month of work in return.',
      'P undertakes to pay X and Q undertakes to deliver ten tons of coal.',
      'Q agrees to teach for a year, P agrees to pay X.',
    ],
  },
  forbearance: {
    supports: true,
    says: [
      'P promises X if Q does not smoke until the age of 21, and Q does not.',
      'P promises X and Q drops an honest lawsuit in return.',
      'In return for X that P promises, Q agrees not to open a rival shop.',
    ],
  },
  'past act': {
    supports: false,
    says: [
      'Q saved a cow last year without being asked; now P, grateful, promises X.',
      'After Q had cleaned the yard as a favour, P promised X for it.',
      'For help that Q gave freely years ago P now promises X.',
    ],
  },
  'existing duty': {
    supports: false,
    says: [
      'Q, already bound to finish the house, is promised X more by P for finishing it.',
      'P promises a police officer, Q, X for an arrest that it is the duty of Q to make.',
      'P promises X to Q for work that Q owes P anyway under their contract.',
    ],
  },
  gift: {
    supports: false,
    says: [
      'P promises X as a birthday gift and Q is delighted.',
      'Out of affection P promises X to Q, who does nothing.',
      'P promises to give X to Q and asks for nothing.',
    ],
  },
  'illusory promise': {
    supports: false,
    says: [
      'P promises X and Q will deliver goods if Q feels like it.',
      'For X from P, Q promises to work unless Q changes its mind.',
      'P promises X; Q says it may or may not do something in return.',
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
  source: 'Restatement (Second) of Contracts §§ 71, 73, 77 and 86 (1981); Hamer v. Sidway, 124 N.Y. 538 (1891)',
  make: (rng) => {
    const supports = rng.bool()
    const kinds = (Object.keys(promises) as PromiseKind[]).filter((kind) => promises[kind].supports === supports)
    return considerationTask(rng, rng.pick(kinds))
  },
}

/** The task for a kind of promise; drawn parts are wording only. */
export function considerationTask(rng: Rng, kind: PromiseKind): TaskBody {
  const { says, supports } = promises[kind]
  const [promisor, promisee] = [personName(rng), rng.bool() ? personName(rng) : firmName(rng)]
  const amount = money(rng, drawMoney(rng, 100, 60_000))
  const names: Readonly<Record<string, string>> = { P: promisor, Q: promisee, X: amount }
  const story = rng.pick(says).replace(/\b[PQX]\b/g, (letter) => names[letter]!)
  const ask = rng.pick([
    `Is the promise of ${promisor} supported by consideration, yes or no?`,
    'Yes or no: is there consideration?',
    `Is there consideration for the promise of ${promisor}? Reply yes or no.`,
    'Say yes or no: is the promise to pay binding for consideration?',
  ])
  const aside = rng.pick(['', '', ' It is in writing.', ' There were two witnesses.', ' They shook hands on it.'])
  return labelTask({
    question: rng.bool(0.7) ? `${story}${aside} ${ask}` : `${ask} ${story}${aside}`,
    working: kind,
    label: supports ? 'yes' : 'no',
    labels: ['yes', 'no'],
  })
}
