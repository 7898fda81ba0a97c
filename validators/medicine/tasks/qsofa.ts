import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { chartNoise } from '../../shared/distract.ts'
import { patientSubjects } from '../patients.ts'

const labels = ['0', '1', '2', '3'] as const

/**
 * Quick sepsis-related organ failure score, 0 to 3, all equally often: 22 breaths or more, systolic pressure 100 mmHg or
 * less, Glasgow coma scale below 15.
 *
 * @see Singer and others, "The third international consensus definitions for sepsis and septic shock (Sepsis-3)", JAMA 315
 *   (2016) 801
 */
export const qsofa: TaskFamily = {
  name: 'qsofa',
  source: 'Singer et al. (Sepsis-3), JAMA 315 (2016) 801-810',
  term: 'the qSOFA score',
  rule: 'The qSOFA score in infection counts 22 breaths or more, systolic pressure of 100 or less and a Glasgow coma scale below 15',
  make: (rng) => {
    const target = rng.int(0, 3)
    for (;;) {
      const breaths = rng.bool() ? rng.int(10, 21) : rng.int(22, 42)
      const systolic = rng.bool() ? rng.int(65, 100) : rng.int(101, 170)
      const glasgow = rng.bool() ? 15 : rng.int(6, 14)
      if (qsofaScore(breaths, systolic, glasgow) === target) return qsofaTask(rng, breaths, systolic, glasgow)
    }
  },
}

export function qsofaScore(breaths: number, systolic: number, glasgow: number): number {
  return [breaths >= 22, systolic <= 100, glasgow < 15].filter(Boolean).length
}

/** The task for breaths per minute, a systolic pressure in mmHg and a Glasgow coma scale; drawn parts are wording only. */
export function qsofaTask(rng: Rng, breaths: number, systolic: number, glasgow: number): TaskBody {
  const score = qsofaScore(breaths, systolic, glasgow)
  return labelTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject} with suspected infection`),
      facts: [
        [
          `respiratory rate ${breaths}`,
          `${breaths} breaths per minute`,
          `breathing ${breaths} times a minute`,
          `RR ${breaths}`,
        ],
        [
          `systolic pressure ${systolic} mmHg`,
          `systolic ${systolic}`,
          `a systolic blood pressure of ${systolic} mmHg`,
          `SBP ${systolic}`,
        ],
        [`Glasgow coma scale ${glasgow}`, `GCS ${glasgow}`, `a coma scale of ${glasgow}`],
        ...chartNoise(rng),
      ],
      asks: [
        'What is the qSOFA score?',
        'Work out the qSOFA score.',
        'Give the quick SOFA score as a number.',
        'How many qSOFA points is that?',
      ],
    }),
    working: calc(`(${breaths}>=22)+(100>=${systolic})+(15>${glasgow})`, score),
    statement: `The qSOFA score is ${score}.`,
    label: String(score) as (typeof labels)[number],
    labels,
  })
}
