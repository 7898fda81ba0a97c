import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'
import type { Sex } from './creatinineClearance.ts'

/** One item of the score beside age and sex, its points and what a chart calls it. */
const items = [
  { points: 1, names: ['heart failure', 'congestive heart failure', 'left ventricular dysfunction', 'CHF'] },
  { points: 1, names: ['hypertension', 'high blood pressure', 'arterial hypertension', 'HTN'] },
  { points: 1, names: ['diabetes', 'diabetes mellitus', 'type 2 diabetes', 'DM'] },
  { points: 2, names: ['a prior stroke', 'a previous TIA', 'a past thromboembolism', 'an old stroke'] },
  {
    points: 1,
    names: ['a prior myocardial infarction', 'peripheral artery disease', 'aortic plaque', 'vascular disease'],
  },
] as const

/** Conditions that score nothing. */
const distractors = [
  'asthma',
  'gout',
  'migraine',
  'psoriasis',
  'hypothyroidism',
  'glaucoma',
  'anaemia',
  'back pain',
  'reflux',
]

const labels = ['0', '1', '2', '3', '4', '5', '6', '7'] as const

/**
 * Stroke risk score in atrial fibrillation, 0 to 9; scores 8 and 9 are not drawn, all others equally often.
 *
 * @see Lip and others, "Refining clinical risk stratification ...", Chest 137 (2010) 263
 */
export const cha2ds2Vasc: TaskFamily = {
  name: 'cha2ds2-vasc',
  source: 'Lip et al., Chest 137 (2010) 263-272',
  term: 'the CHA2DS2-VASc score',
  rule: 'CHA2DS2-VASc adds stroke risks: age 75 and past stroke 2, age 65 to 74, women, heart failure, hypertension, diabetes, arteries 1',
  make: (rng) => {
    const target = rng.int(0, 7)
    for (;;) {
      const age = rng.pick([rng.int(30, 64), rng.int(65, 74), rng.int(75, 95)])
      const sex = rng.pick(['male', 'female'] as const)
      const held = items.map(() => rng.bool())
      if (cha2ds2VascScore(age, sex, held) === target) return cha2ds2VascTask(rng, age, sex, held)
    }
  },
}

/** @param held which of heart failure, hypertension, diabetes, stroke, vascular disease the patient has */
export function cha2ds2VascScore(age: number, sex: Sex, held: readonly boolean[]): number {
  return items.reduce((sum, { points }, index) => sum + (held[index] ? points : 0), agePoints(age) + sexPoints(sex))
}

function agePoints(age: number): number {
  if (age >= 75) return 2
  return age >= 65 ? 1 : 0
}

function sexPoints(sex: Sex): number {
  return sex === 'female' ? 1 : 0
}

/** The task for given findings; drawn parts are wording only. */
export function cha2ds2VascTask(rng: Rng, age: number, sex: Sex, held: readonly boolean[]): TaskBody {
  const present = rng.shuffle(
    items.filter((_, index) => held[index]).map((item) => ({ points: item.points, name: rng.pick(item.names) })),
  )
  const listed = rng.bool(0.4) ? rng.shuffle([...present, { points: 0, name: rng.pick(distractors) }]) : present
  const history = listed.length === 0 ? 'no other diagnosis' : listed.map(({ name }) => name).join(', ')
  const score = cha2ds2VascScore(age, sex, held)
  const counted = [{ points: sexPoints(sex), name: sex }, ...listed]
  const points = counted.map((item) => item.points).join('+')
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject}, atrial fibrillation`),
      facts: [
        [`age ${age}`, `${age} years old`, `aged ${age}`, `age ${age} years`],
        sex === 'female' ? ['female', 'a woman', 'sex female'] : ['male', 'a man', 'sex male'],
        [`history: ${history}`, `known for ${history}`, `diagnoses: ${history}`, `has ${history}`],
      ],
      asks: [
        'What is the CHA2DS2-VASc score?',
        'Work out the CHA2DS2-VASc score.',
        'Give the CHA2DS2-VASc score as a number.',
        'How many CHA2DS2-VASc points is that?',
      ],
    }),
    working: [
      `age ${calc(`(${age}>=65)+(${age}>=75)`, agePoints(age))}`,
      ...counted.map((item) => `${item.name} ${item.points}`),
      calc(`${agePoints(age)}+${points}`, score),
    ].join(', '),
    statement: `The CHA2DS2-VASc score is ${score}.`,
    label: String(score) as (typeof labels)[number],
    labels,
  })
}
