import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/** What scores one point each, beside blood pressure and age, and what a chart calls it. */
const items = [
  ['dialysis', 'a kidney transplant', 'renal failure'],
  ['cirrhosis', 'liver failure', 'chronic liver disease'],
  ['a prior stroke', 'an old stroke', 'a previous stroke'],
  ['a major bleed', 'past gastric bleeding', 'a bleeding tendency'],
  ['a labile INR', 'unstable INR values'],
  ['aspirin', 'clopidogrel', 'daily ibuprofen'],
  ['alcohol abuse', 'heavy drinking', 'ten drinks a week'],
] as const

/** Conditions and medicines that score nothing. */
const distractors = ['asthma', 'gout', 'migraine', 'psoriasis', 'glaucoma', 'reflux', 'statin treatment', 'hay fever']

const labels = ['0', '1', '2', '3', '4', '5', '6'] as const

/**
 * Bleeding risk score under anticoagulation, 0 to 9; scores above 6 are not drawn, all others equally often. One point
 * each for a systolic pressure above 160 mmHg, age above 65 and every item.
 *
 * @see Pisters and others, "A novel user-friendly score (HAS-BLED) ...", Chest 138 (2010) 1093
 */
export const hasBled: TaskFamily = {
  name: 'has-bled',
  source: 'Pisters et al., Chest 138 (2010) 1093-1100',
  term: 'the HAS-BLED score',
  rule: 'HAS-BLED counts bleeding risks: systolic above 160, kidney, liver, stroke, bleeding, labile INR, age above 65, drugs, alcohol',
  make: (rng) => {
    const target = rng.int(0, 6)
    for (;;) {
      const age = rng.bool() ? rng.int(40, 65) : rng.int(66, 92)
      const systolic = rng.bool() ? rng.int(105, 160) : rng.int(161, 210)
      const share = rng.pick([0.1, 0.3, 0.6])
      const held = items.map(() => rng.bool(share))
      if (hasBledScore(age, systolic, held) === target) return hasBledTask(rng, age, systolic, held)
    }
  },
}

/** @param held which of renal, liver, stroke, bleeding, labile INR, drugs, alcohol the patient has */
export function hasBledScore(age: number, systolic: number, held: readonly boolean[]): number {
  return Number(age > 65) + Number(systolic > 160) + held.filter(Boolean).length
}

/** The task for an age in years, a systolic pressure in mmHg and given findings; drawn parts are wording only. */
export function hasBledTask(rng: Rng, age: number, systolic: number, held: readonly boolean[]): TaskBody {
  const present = items.filter((_, index) => held[index]).map((names) => ({ points: 1, name: rng.pick(names) }))
  const other = rng.bool(0.4) ? [{ points: 0, name: rng.pick(distractors) }] : []
  const listed = rng.shuffle([...present, ...other])
  const history = listed.length === 0 ? 'nothing else of note' : listed.map(({ name }) => name).join(', ')
  const score = hasBledScore(age, systolic, held)
  const points = listed.map((item) => `+${item.points}`).join('')
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject}, anticoagulated`),
      facts: [
        [`age ${age}`, `${age} years old`, `aged ${age}`, `age ${age} years`],
        [`systolic pressure ${systolic} mmHg`, `systolic ${systolic}`, `a systolic blood pressure of ${systolic} mmHg`],
        [`history: ${history}`, `on record: ${history}`, `findings: ${history}`],
      ],
      asks: [
        'What is the HAS-BLED score?',
        'Work out the HAS-BLED score.',
        'Give the HAS-BLED score as a number.',
        'How many HAS-BLED points is that?',
      ],
    }),
    working: [
      ...listed.map((item) => `${item.name} ${item.points}`),
      calc(`(${age}>65)+(${systolic}>160)${points}`, score),
    ].join(', '),
    statement: `The HAS-BLED score is ${score}.`,
    label: String(score) as (typeof labels)[number],
    labels,
  })
}
