import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, resultText, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { chartNoise } from '../../shared/distract.ts'
import { ageFacts, creatinineFacts, patientSubjects, sexFacts } from '../patients.ts'
import type { Sex } from './creatinineClearance.ts'

/** The equation's constants: the creatinine in mg/dL where its slope changes, the slope below it, the factor. */
const constants = {
  female: { knee: 0.7, slope: -0.241, factor: '*1.012' },
  male: { knee: 0.9, slope: -0.302, factor: '' },
} as const

/** The equation in words, for a creatinine up to the knee and above it. */
const rules = {
  female: {
    upTo: 'The eGFR of women with creatinine up to 0.7 mg/dL is 142 times (creatinine/0.7)^-0.241 times 0.9938^age times 1.012',
    above:
      'The eGFR of women with creatinine above 0.7 mg/dL is 142 times (creatinine/0.7)^-1.2 times 0.9938^age times 1.012',
  },
  male: {
    upTo: 'The eGFR of men with creatinine up to 0.9 mg/dL is 142 times (creatinine/0.9)^-0.302 times 0.9938^age',
    above: 'The eGFR of men with creatinine above 0.9 mg/dL is 142 times (creatinine/0.9)^-1.2 times 0.9938^age',
  },
} as const

/**
 * Estimated glomerular filtration rate in mL/min/1.73m2 from serum creatinine in mg/dL and age in years, the CKD-EPI
 * equation without race.
 *
 * @see Inker and others, "New creatinine- and cystatin C-based equations to estimate GFR without race", NEJM 385 (2021) 1737
 */
export const egfr: TaskFamily = {
  name: 'egfr',
  source: 'Inker et al. (CKD-EPI), N Engl J Med 385 (2021) 1737-1749',
  term: 'the estimated glomerular filtration rate',
  rule: 'The eGFR estimates what the kidneys filter from serum creatinine, age and sex, for a standard body surface',
  make: (rng) =>
    egfrTask(
      rng,
      rng.int(18, 95),
      rng.bool(0.3) ? drawDecimal(rng, 0.3, 0.9, 2) : drawDecimal(rng, 0.5, 7, rng.pick([1, 1, 2])),
      rng.pick(['male', 'female'] as const),
    ),
}

/** The task for given measurements; drawn parts are wording only. */
export function egfrTask(rng: Rng, age: number, creatinine: number, sex: Sex): TaskBody {
  const { knee, slope, factor } = constants[sex]
  const above = creatinine > knee
  const power = above ? -1.2 : slope
  const value = 142 * (creatinine / knee) ** power * 0.9938 ** age * (sex === 'female' ? 1.012 : 1)
  const task = numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng),
      facts: [ageFacts(age), creatinineFacts(creatinine), sexFacts(sex), ...chartNoise(rng)],
      asks: [
        'What is the eGFR by CKD-EPI 2021?',
        'Estimate the GFR with the CKD-EPI 2021 equation.',
        'Work out the CKD-EPI eGFR in mL/min/1.73m2.',
        'Find the estimated glomerular filtration rate (CKD-EPI 2021).',
        'Calculate the eGFR (CKD-EPI, without race).',
      ],
    }),
    working: [
      calc(`${creatinine}>${knee}`, Number(above)),
      calc(`142*(${creatinine}/${knee})^${power}*0.9938^${age}${factor}`, value),
    ].join(', '),
    quantity: 'The eGFR',
    value,
    unit: 'mL/min/1.73m2',
  })
  return {
    ...task,
    // The unit holds a number of its own, which would stand beside the result.
    statement: `The eGFR is ${resultText(value)} mL/min per standard body surface.`,
    rule: rules[sex][above ? 'above' : 'upTo'],
  }
}
