import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { drawDecimal } from '../../shared/amounts.ts'
import { calc, numberTask, type TaskBody } from '../../shared/build.ts'
import { capitalised } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

/** An analyte with its conventional and its SI unit; the factor leads from the one with the smaller numbers to the other. */
const analytes = [
  { name: 'glucose', mass: 'mg/dL', molar: 'mmol/L', factor: 18.02, divides: true, least: 40, most: 900 },
  { name: 'cholesterol', mass: 'mg/dL', molar: 'mmol/L', factor: 38.67, divides: true, least: 90, most: 450 },
  { name: 'triglycerides', mass: 'mg/dL', molar: 'mmol/L', factor: 88.57, divides: true, least: 150, most: 990 },
  { name: 'calcium', mass: 'mg/dL', molar: 'mmol/L', factor: 4.008, divides: true, least: 5, most: 16 },
  { name: 'urea nitrogen', mass: 'mg/dL', molar: 'mmol/L', factor: 2.801, divides: true, least: 5, most: 150 },
  { name: 'creatinine', mass: 'mg/dL', molar: 'micromol/L', factor: 88.4, divides: false, least: 0.4, most: 12 },
  { name: 'bilirubin', mass: 'mg/dL', molar: 'micromol/L', factor: 17.1, divides: false, least: 0.3, most: 25 },
  { name: 'uric acid', mass: 'mg/dL', molar: 'micromol/L', factor: 59.48, divides: false, least: 2, most: 14 },
] as const

export type Analyte = (typeof analytes)[number]['name']

/**
 * A laboratory value in the other of its two usual units.
 *
 * @see AMA Manual of Style (11th ed., 2020), section 17.5: conventional units, SI units and conversion factors
 */
export const unitConversion: TaskFamily = {
  name: 'unit-conversion',
  source: 'AMA Manual of Style (11th ed., 2020), section 17.5',
  term: 'the conversion of laboratory units',
  rule: 'A concentration by mass becomes one by amount of substance by a fixed factor for each analyte',
  make: (rng) => {
    const { name, factor, divides, least, most } = rng.pick(analytes)
    const toMolar = rng.bool()
    const scale = toMolar ? 1 : divides ? 1 / factor : factor
    const [low, high] = [least * scale, most * scale]
    return unitConversionTask(rng, name, drawDecimal(rng, low, high, high > 200 ? 0 : 1), toMolar)
  },
}

/** The task for a value, in mg/dL where it is to become molar, else in mmol/L or micromol/L; the wording is drawn. */
export function unitConversionTask(rng: Rng, analyte: Analyte, value: number, toMolar: boolean): TaskBody {
  const { name, mass, molar, factor, divides } = analytes.find((one) => one.name === analyte)!
  const [from, to] = toMolar ? [mass, molar] : [molar, mass]
  const multiplies = toMolar !== divides
  const result = multiplies ? value * factor : value / factor
  const setting = rng.pick([
    `The laboratory reports ${name} ${value} ${from}.`,
    `${personName(rng)} has a ${name} of ${value} ${from}.`,
    `${capitalised(name)} is ${value} ${from}.`,
    `A result reads: ${name} ${value} ${from}.`,
  ])
  const ask = rng.pick([
    `What is that in ${to}?`,
    `Convert it to ${to}.`,
    `Give the value in ${to}.`,
    `How many ${to} is that?`,
    `State the ${name} in ${to}.`,
  ])
  const task = numberTask({
    question: rng.bool(0.8) ? `${setting} ${ask}` : `Convert a ${name} of ${value} ${from} to ${to}.`,
    working: `${name} ${calc(`${value}${multiplies ? '*' : '/'}${factor}`, result)}`,
    quantity: 'The converted value',
    value: result,
    unit: to,
  })
  const [there, back] = divides ? ['divide', 'multiply'] : ['multiply', 'divide']
  return {
    ...task,
    rule: `To convert ${name} from ${mass} to ${molar} ${there} by ${factor}, and to convert back ${back} by that`,
  }
}
