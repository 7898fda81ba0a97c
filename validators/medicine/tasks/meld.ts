import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { patientSubjects } from '../patients.ts'
import type { Sex } from './creatinineClearance.ts'

/** Laboratory values within the bounds that the score sets: none needs to be cut. */
export interface LiverPanel {
  readonly sex: Sex
  /** mg/dL, 1 or more. */
  readonly bilirubin: number
  /** 1 or more. */
  readonly inr: number
  /** mg/dL, 1 to 3. */
  readonly creatinine: number
  /** mmol/L, 125 to 137. */
  readonly sodium: number
  /** g/dL, 1.5 to 3.5. */
  readonly albumin: number
}

/** The constant 6, and 1.33 more in women. */
const maleBase = 6
const femaleBase = 7.33
/** Scores are cut here. */
const mostPoints = 40

/**
 * MELD 3.0 before it is rounded.
 *
 * @see Kim and others, "MELD 3.0: the Model for End-Stage Liver Disease updated for the modern era", Gastroenterology
 *   161 (2021) 1887
 */
export const meld: TaskFamily = {
  name: 'meld',
  source: 'Kim et al. (MELD 3.0), Gastroenterology 161 (2021) 1887-1895',
  term: 'the MELD 3.0 score',
  rule: 'MELD 3.0 grades liver disease by sex, weighted sodium and albumin, and weighted logarithms of bilirubin, INR and creatinine',
  make: (rng) => {
    for (;;) {
      const panel = {
        sex: rng.pick(['male', 'female'] as const),
        bilirubin: drawDecimal(rng, 1.1, 25, 1),
        inr: drawDecimal(rng, 1.1, 4, 1),
        creatinine: drawDecimal(rng, 1.1, 3, 1),
        sodium: rng.int(125, 136),
        albumin: drawDecimal(rng, 1.5, 3.4, 1),
      }
      if (meldScore(panel) <= mostPoints) return meldTask(rng, panel)
    }
  },
}

/** Before it is rounded. */
export function meldScore({ sex, bilirubin, inr, creatinine, sodium, albumin }: LiverPanel): number {
  const lowSodium = 137 - sodium
  const lowAlbumin = 3.5 - albumin
  return (
    (sex === 'female' ? femaleBase : maleBase) +
    (4.56 - 0.24 * lowSodium) * Math.log(bilirubin) +
    0.82 * lowSodium +
    9.09 * Math.log(inr) +
    (11.14 - 1.83 * lowAlbumin) * Math.log(creatinine) +
    1.85 * lowAlbumin
  )
}

/** The task for given laboratory values; drawn parts are wording only. */
export function meldTask(rng: Rng, panel: LiverPanel): TaskBody {
  const value = meldScore(panel)
  const { sex, bilirubin, inr, creatinine, sodium, albumin } = panel
  const [na, alb] = [`(137-${sodium})`, `(3.5-${albumin})`]
  const expression =
    `${sex === 'female' ? femaleBase : maleBase}+(4.56-0.24*${na})*ln(${bilirubin})+0.82*${na}+9.09*ln(${inr})` +
    `+(11.14-1.83*${alb})*ln(${creatinine})+1.85*${alb}`
  return numberTask({
    question: compose(rng, {
      subjects: patientSubjects(rng).map((subject) => `${subject}, cirrhosis`),
      facts: [
        sex === 'female' ? ['female', 'a woman', 'sex female'] : ['male', 'a man', 'sex male'],
        [`bilirubin ${bilirubin} mg/dL`, `a bilirubin of ${bilirubin} mg/dL`, `total bilirubin ${bilirubin} mg/dL`],
        [`INR ${inr}`, `an INR of ${inr}`, `international normalised ratio ${inr}`],
        [
          `creatinine ${creatinine} mg/dL`,
          `a creatinine of ${creatinine} mg/dL`,
          `serum creatinine ${creatinine} mg/dL`,
        ],
        [`sodium ${sodium} mmol/L`, `a sodium of ${sodium} mmol/L`, `Na ${sodium} mmol/L`],
        [`albumin ${albumin} g/dL`, `an albumin of ${albumin} g/dL`, `serum albumin ${albumin} g/dL`],
      ],
      asks: [
        'What is the unrounded MELD 3.0 score?',
        'Work out MELD 3.0 before rounding.',
        'Calculate the MELD 3.0 score to two decimals.',
        'Find the MELD score, version 3.0, without rounding.',
      ],
    }),
    working: calc(expression, value),
    quantity: 'The MELD score',
    value,
    unit: 'points',
  })
}
