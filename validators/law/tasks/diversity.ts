import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawMoney, money } from '../../shared/amounts.ts'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'
import { stateNumber, states } from '../states.ts'

const threshold = 75_000

/**
 * Diversity jurisdiction of the federal courts: the parties are citizens of different States and more than 75,000
 * dollars, interest and costs left out, is in controversy.
 *
 * @see 28 U.S.C. § 1332(a)(1); Strawbridge v. Curtiss, 7 U.S. 267 (1806)
 */
export const diversity: TaskFamily = {
  name: 'diversity',
  source: '28 U.S.C. § 1332(a)(1)',
  term: 'diversity jurisdiction',
  rule: 'Diversity jurisdiction needs citizens of different States and over 75000 dollars in dispute, without interest and costs',
  make: (rng) => {
    const yes = rng.bool()
    // A "no" fails on the amount, on citizenship or, now and then, on both.
    const fault = yes ? 'none' : rng.pick(['amount', 'amount', 'state', 'state', 'both'] as const)
    const plaintiff = rng.pick(states)
    const sameState = fault === 'state' || fault === 'both'
    const defendant = sameState ? plaintiff : rng.pick(states.filter((state) => state !== plaintiff))
    const tooLittle = fault === 'amount' || fault === 'both'
    const amount = tooLittle ? drawLowAmount(rng) : drawHighAmount(rng)
    return diversityTask(rng, plaintiff, defendant, amount)
  },
}

function drawLowAmount(rng: Rng): number {
  return rng.bool(0.1) ? threshold : drawMoney(rng, 20_000, threshold)
}

function drawHighAmount(rng: Rng): number {
  return rng.bool(0.4) ? drawMoney(rng, threshold + 500, 120_000) : drawMoney(rng, 76_000, 950_000)
}

/** The task for given facts; drawn parts are wording only. */
export function diversityTask(rng: Rng, plaintiff: string, defendant: string, amount: number): TaskBody {
  const excess = amount - threshold
  const holds = plaintiff !== defendant && excess > 0
  const shown = money(rng, amount)
  const claimant = personName(rng)
  const opponent = personName(rng)
  return labelTask({
    question: compose(rng, {
      subjects: [
        'Civil suit',
        `${claimant} v. ${opponent}`,
        `${claimant} sues ${opponent}`,
        'A civil action under state law',
      ],
      facts: [
        [
          `the plaintiff is a citizen of ${plaintiff}`,
          `the plaintiff is domiciled in ${plaintiff}`,
          `plaintiff ${claimant} is from ${plaintiff}`,
          `the plaintiff lives permanently in ${plaintiff}`,
          `the claimant is a citizen of ${plaintiff}`,
        ],
        [
          `the defendant is a citizen of ${defendant}`,
          `the defendant is domiciled in ${defendant}`,
          `defendant ${opponent} is from ${defendant}`,
          `the defendant lives permanently in ${defendant}`,
          `the sole defendant is a citizen of ${defendant}`,
        ],
        [
          `the amount in controversy is ${shown}`,
          `the claim is for ${shown}`,
          `damages of ${shown} are sought`,
          `${shown} is at stake`,
          `the suit seeks ${shown}`,
          `the complaint demands ${shown}`,
        ],
      ],
      asks: [
        'Is there diversity jurisdiction? Reply yes or no.',
        'Does a federal court have diversity jurisdiction (yes or no)?',
        'May the case be brought in federal court on diversity grounds, yes or no?',
        'Yes or no: is diversity jurisdiction available?',
        'Say yes or no: do the requirements of diversity jurisdiction hold?',
      ],
    }),
    working: [
      `${plaintiff} ${stateNumber(plaintiff)}`,
      `${defendant} ${stateNumber(defendant)}`,
      calc(`${stateNumber(plaintiff)}-${stateNumber(defendant)}`, stateNumber(plaintiff) - stateNumber(defendant)),
      calc(`${amount}-${threshold}`, excess),
    ].join(', '),
    statement: `There is ${holds ? '' : 'no '}diversity jurisdiction.`,
    label: holds ? 'yes' : 'no',
    labels: ['yes', 'no'],
  })
}
