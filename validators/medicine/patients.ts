import type { Rng } from 'faculty/defineValidator'
import { personName } from '../shared/names.ts'

/** Ways to introduce a patient, each followed by the facts. */
export function patientSubjects(rng: Rng): string[] {
  const name = personName(rng)
  return [
    `Patient ${name}`,
    name,
    'A patient on the ward',
    'Patient data',
    `${name} was admitted today`,
    `Bed ${rng.int(1, 40)}`,
    'An outpatient',
  ]
}

/** Ways to state an age in years. */
export function ageFacts(age: number): string[] {
  return [`age ${age}`, `${age} years old`, `aged ${age}`, `age ${age} years`, `${age} years of age`]
}

/** Ways to state a sex. */
export function sexFacts(sex: 'female' | 'male'): string[] {
  return sex === 'female'
    ? ['female', 'a woman', 'sex female', 'female sex', 'woman']
    : ['male', 'a man', 'sex male', 'male sex', 'man']
}

/** Ways to state a serum creatinine in mg/dL. */
export function creatinineFacts(creatinine: number): string[] {
  return [
    `serum creatinine ${creatinine} mg/dL`,
    `creatinine ${creatinine} mg/dL`,
    `a creatinine of ${creatinine} mg/dL`,
    `creatinine level ${creatinine} mg/dL`,
    `SCr ${creatinine} mg/dL`,
  ]
}
