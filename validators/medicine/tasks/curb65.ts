import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'

export interface Pneumonia {
  readonly confused: boolean
  /** mmol/L. */
  readonly urea: number
  /** Breaths per minute. */
  readonly breaths: number
  /** mmHg. */
  readonly systolic: number
  readonly diastolic: number
  readonly age: number
}

const labels = ['0', '1', '2', '3', '4', '5'] as const

/**
 * Severity of pneumonia, 0 to 5, all equally often: confusion, urea above 7 mmol/L, 30 breaths or more, pressure below 90
 * systolic or at most 60 diastolic, age 65 or more.
 *
 * @see Lim and others, "Defining community acquired pneumonia severity on presentation to hospital", Thorax 58 (2003) 377
 */
export const curb65: TaskFamily = {
  name: 'curb-65',
  source: 'Lim et al., Thorax 58 (2003) 377-382',
  term: 'the CURB-65 score',
  rule: 'CURB-65 counts, in pneumonia, confusion, urea above 7, breaths from 30, systolic below 90 or diastolic up to 60, and age from 65',
  make: (rng) => {
    const target = rng.int(0, 5)
    for (;;) {
      const findings = {
        confused: rng.bool(),
        urea: rng.bool() ? drawDecimal(rng, 2.5, 7, 1) : drawDecimal(rng, 7.1, 30, 1),
        breaths: rng.bool() ? rng.int(12, 29) : rng.int(30, 44),
        systolic: rng.bool(0.3) ? rng.int(70, 89) : rng.int(90, 160),
        diastolic: rng.bool(0.3) ? rng.int(40, 60) : rng.int(61, 69),
        age: rng.bool() ? rng.int(20, 64) : rng.int(65, 95),
      }
      if (curb65Score(findings) === target) return curb65Task(rng, findings)
    }
  },
}

export function curb65Score({ confused, urea, breaths, systolic, diastolic, age }: Pneumonia): number {
  const lowPressure = systolic < 90 || diastolic <= 60
  return [confused, urea > 7, breaths >= 30, lowPressure, age >= 65].filter(Boolean).length
}

/** The task for given findings; drawn parts are wording only. */
export function curb65Task(rng: Rng, findings: Pneumonia): TaskBody {
  const { confused, urea, breaths, systolic, diastolic, age } = findings
  const score = curb65Score(findings)
  const expression = `${Number(confused)}+(${urea}>7)+(${breaths}>=30)+((90>${systolic})+(60>=${diastolic})>0)+(${age}>=65)`
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject} with pneumonia`),
      facts: [
        confused
          ? ['newly confused', 'confused', 'disoriented in place and time']
          : ['alert and oriented', 'not confused', 'fully oriented'],
        [`urea ${urea} mmol/L`, `a urea of ${urea} mmol/L`, `blood urea ${urea} mmol/L`],
        [`respiratory rate ${breaths}`, `breathing ${breaths} times a minute`, `${breaths} breaths per minute`],
        [
          `blood pressure ${systolic}/${diastolic} mmHg`,
          `BP ${systolic}/${diastolic}`,
          `pressure ${systolic}/${diastolic}`,
        ],
        [`age ${age}`, `${age} years old`, `aged ${age}`, `age ${age} years`],
      ],
      asks: [
        'What is the CURB-65 score?',
        'Work out the CURB-65 score.',
        'Give the CURB-65 score as a number.',
        'How many CURB-65 points is that?',
      ],
    }),
    working: calc(expression, score),
    statement: `The CURB-65 score is ${score}.`,
    label: String(score) as (typeof labels)[number],
    labels,
  })
}
