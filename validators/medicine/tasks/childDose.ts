import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

const drugs = ['paracetamol', 'ibuprofen', 'amoxicillin', 'cefalexin', 'azithromycin', 'ondansetron', 'prednisolone']

export interface Prescription {
  readonly weightKg: number
  readonly mgPerKg: number
  readonly mostMg: number
  readonly mgPerMl: number
}

/**
 * Volume in mL of a child's single dose: so many mg per kg, but never above a maximum, over the strength of the liquid.
 * Dose, maximum and strength are given, as they differ by drug and place.
 *
 * @see World Health Organization, Model Formulary for Children (2010), general advice: dosage by weight, adult maximum
 */
export const childDose: TaskFamily = {
  name: 'child-dose',
  source: 'WHO Model Formulary for Children (2010)',
  term: "a child's dose by weight",
  rule: "A child's dose is mg per kg times weight, at most the maximum, and its volume in mL is that over mg per mL",
  make: (rng) => {
    const weightKg = rng.bool(0.6) ? rng.int(6, 60) : drawDecimal(rng, 6, 60, 1)
    const mgPerKg = rng.pick([2, 5, 7.5, 10, 12, 12.5, 15, 20, 25, 30])
    const dose = weightKg * mgPerKg
    // Half of the maxima bite.
    const least = rng.bool() ? 0.5 : 1.1
    return childDoseTask(rng, {
      weightKg,
      mgPerKg,
      mostMg: 10 * Math.max(1, Math.round(drawDecimal(rng, dose * least, dose * (least + 0.4), 0) / 10)),
      mgPerMl: rng.pick([4, 8, 12.5, 20, 24, 25, 40, 50]),
    })
  },
}

/** The task for a given prescription; drawn parts are wording only. */
export function childDoseTask(rng: Rng, { weightKg, mgPerKg, mostMg, mgPerMl }: Prescription): TaskBody {
  const excess = mgPerKg * weightKg - mostMg
  const value = Math.min(mgPerKg * weightKg, mostMg) / mgPerMl
  const drug = rng.pick(drugs)
  const name = personName(rng)
  return numberTask({
    question: compose(rng, {
      subjects: [`A child is given ${drug}`, `${name} needs ${drug}`, `${drug} for ${name}`, `Child ${name}, ${drug}`],
      facts: [
        [`weight ${weightKg} kg`, `weighs ${weightKg} kg`, `body weight ${weightKg} kg`, `${weightKg} kg`],
        [`dose ${mgPerKg} mg/kg`, `${mgPerKg} mg per kg`, `prescribed at ${mgPerKg} mg/kg`, `${mgPerKg} mg/kg a dose`],
        [
          `at most ${mostMg} mg a dose`,
          `maximum ${mostMg} mg`,
          `single dose not above ${mostMg} mg`,
          `the maximum dose is ${mostMg} mg`,
        ],
        [
          `the liquid has ${mgPerMl} mg/mL`,
          `suspension ${mgPerMl} mg/mL`,
          `strength ${mgPerMl} mg per mL`,
          `the syrup holds ${mgPerMl} mg in each mL`,
        ],
      ],
      asks: [
        'How many mL is one dose?',
        'What volume in mL should be given?',
        'Work out the volume of a single dose in mL.',
        'Find the dose in mL.',
      ],
    }),
    working: [
      calc(`${mgPerKg}*${weightKg}-${mostMg}`, excess),
      calc(excess > 0 ? `${mostMg}/${mgPerMl}` : `${mgPerKg}*${weightKg}/${mgPerMl}`, value),
    ].join(', '),
    quantity: 'The volume of one dose',
    value,
    unit: 'mL',
  })
}
