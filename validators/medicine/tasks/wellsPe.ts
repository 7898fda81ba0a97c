import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

/** The criteria beside the heart rate, their points and what a chart calls them. */
const criteria = [
  { points: 3, names: ['signs of deep vein thrombosis', 'a swollen tender calf', 'clinical signs of DVT'] },
  { points: 3, names: ['embolism more likely than anything else', 'no likelier diagnosis than embolism'] },
  { points: 1.5, names: ['surgery two weeks ago', 'bed rest for a week', 'recent immobilisation'] },
  { points: 1.5, names: ['a past DVT', 'an earlier pulmonary embolism', 'previous thrombosis'] },
  { points: 1, names: ['haemoptysis', 'coughing blood', 'bloody sputum'] },
  { points: 1, names: ['active cancer', 'a malignancy under treatment', 'metastatic cancer'] },
] as const

/** Findings that score nothing. */
const distractors = [
  'a dry cough',
  'asthma',
  'fever',
  'ankle sprain last year',
  'hypertension',
  'a family history of DVT',
]

/**
 * Whether pulmonary embolism is likely by the Wells score, that is whether the points exceed 4; a heart rate above 100
 * counts 1.5.
 *
 * @see Wells and others, "Derivation of a simple clinical model to categorize patients probability of pulmonary embolism",
 *   Thrombosis and Haemostasis 83 (2000) 416
 */
export const wellsPe: TaskFamily = {
  name: 'wells-pe',
  source: 'Wells et al., Thrombosis and Haemostasis 83 (2000) 416-420',
  term: 'the Wells score for pulmonary embolism',
  rule: 'Embolism is likely over 4: DVT signs, no likelier cause 3, pulse over 100, surgery/rest, past clot 1.5, haemoptysis, cancer 1',
  make: (rng) => {
    const likely = rng.bool()
    for (;;) {
      const heartRate = rng.bool() ? rng.int(55, 100) : rng.int(101, 150)
      const share = rng.pick([0.15, 0.35, 0.5])
      const held = criteria.map(() => rng.bool(share))
      if (wellsPeScore(heartRate, held) > 4 === likely) return wellsPeTask(rng, heartRate, held)
    }
  },
}

/** @param held which of thrombosis signs, likeliest diagnosis, immobility, history, haemoptysis, cancer are present */
export function wellsPeScore(heartRate: number, held: readonly boolean[]): number {
  return criteria.reduce((sum, { points }, index) => sum + (held[index] ? points : 0), heartRate > 100 ? 1.5 : 0)
}

/** The task for a heart rate per minute and given findings; drawn parts are wording only. */
export function wellsPeTask(rng: Rng, heartRate: number, held: readonly boolean[]): TaskBody {
  const present = criteria
    .filter((_, index) => held[index])
    .map(({ points, names }) => ({ points: points as number, name: rng.pick(names as readonly string[]) }))
  const other = rng.bool() ? [{ points: 0, name: rng.pick(distractors) }] : []
  const listed = rng.shuffle([...present, ...other])
  const findings = listed.length === 0 ? 'nothing else of note' : listed.map(({ name }) => name).join(', ')
  const likely = wellsPeScore(heartRate, held) > 4
  const label = likely ? 'likely' : 'unlikely'
  const points = listed.map((item) => `+${item.points}`).join('')
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject} with suspected pulmonary embolism`),
      facts: [
        [`heart rate ${heartRate}`, `pulse ${heartRate}`, `HR ${heartRate}`, `a rate of ${heartRate} beats per minute`],
        [`findings: ${findings}`, `chart: ${findings}`, `on examination and in the history: ${findings}`],
      ],
      asks: [
        'Is embolism likely or unlikely by the Wells score?',
        'Wells score: likely or unlikely?',
        'Answer likely or unlikely by the Wells criteria.',
        'Does the Wells score make embolism likely or unlikely?',
      ],
    }),
    working: [
      ...listed.map((item) => `${item.name} ${item.points}`),
      calc(`(${heartRate}>100)*1.5${points}>4`, Number(likely)),
    ].join(', '),
    statement: `Pulmonary embolism is ${label}.`,
    label,
    labels: ['likely', 'unlikely'],
  })
}
