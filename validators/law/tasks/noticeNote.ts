import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, claimsTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { fileNoise } from '../../shared/distract.ts'
import { firmName, personName } from '../../shared/names.ts'

const contracts = ['lease', 'service contract', 'work contract', 'supply contract', 'licence', 'storage contract']

/** Adjectives that say whether a notice holds. */
const good = 'valid|timely|effective|sufficient|adequate'
const bad = 'invalid|late|untimely|ineffective|insufficient|inadequate'

/**
 * Advice in words on a notice of termination: whether it was given early enough before the end, and by how many days it
 * falls short or is early.
 *
 * @see Principles of European Contract Law (2000), Article 1:303 (notice) and 1:304 (computation of time)
 */
export const noticeNote: TaskFamily = {
  name: 'notice-note',
  source: 'Principles of European Contract Law (2000), Articles 1:303 and 1:304',
  term: 'a period of notice',
  rule: 'A period of notice is kept if notice reaches the other party at least the agreed number of days before the end',
  make: (rng) => {
    const required = rng.int(14, 200)
    const early = rng.bool() ? rng.int(1, 60) : -rng.int(1, Math.min(60, required - 2))
    return noticeNoteTask(rng, required, required + early)
  },
}

/** The task for the days of notice required and given, which differ; drawn parts are wording only. */
export function noticeNoteTask(rng: Rng, required: number, given: number): TaskBody {
  const holds = given > required
  const days = Math.abs(given - required)
  const unit = days === 1 ? 'day' : 'days'
  const [contract, firm] = [rng.pick(contracts), firmName(rng)]
  return claimsTask({
    question: compose(rng, {
      subjects: [
        `${personName(rng)} ends a ${contract} with ${firm}`,
        `Termination of the ${contract} with ${firm}`,
        `Notice to ${firm}`,
      ],
      facts: [
        [
          `the ${contract} requires ${required} days of notice`,
          `notice of ${required} days is agreed`,
          `${required} days of notice are needed`,
        ],
        [
          `notice came ${given} days before the end`,
          `the notice was received ${given} days before the end`,
          `it was served ${given} days before the term ended`,
        ],
        ...fileNoise(rng),
      ],
      asks: [
        'Advise in a sentence or two: is the notice valid, and by how many days is it early or short?',
        'Say in words whether the notice is valid and how many days it is short or to spare.',
        'Explain whether the notice was in time, and by how many days it fell short or was early.',
      ],
    }),
    working: [
      calc(`${given}>=${required}`, Number(holds)),
      calc(holds ? `${given}-${required}` : `${required}-${given}`, days),
    ].join(', '),
    answer: holds
      ? `The notice is valid. It has ${days} ${unit} to spare.`
      : `The notice is invalid. It is ${days} ${unit} short.`,
    required: holds ? validClaims(days) : invalidClaims(days),
  })
}

function validClaims(days: number) {
  return [
    {
      says: [`is|was * ${good}`, `is|was in time`, 'complies|complied', `is|was not * ${bad}`],
      denies: [`is|was * ${bad}`, 'came|comes|arrived too late'],
    },
    {
      says: ['{n} day|days to spare', '{n} day|days * early|earlier|spare', 'early|spare by {n} day|days'],
      denies: ['{n} day|days * short|late', 'short|late by {n} day|days'],
      value: days,
      tolerance: 0,
    },
  ]
}

function invalidClaims(days: number) {
  return [
    {
      says: [
        `is|was * ${bad}`,
        `is|was not * ${good}`,
        'is|was not in time',
        'not comply',
        'came|comes|arrived too late',
      ],
      denies: [`is|was * ${good}`, 'is|was in time', 'complies|complied'],
    },
    {
      says: ['{n} day|days * short|late', 'short|late by {n} day|days'],
      denies: ['{n} day|days * early|earlier|spare'],
      value: days,
      tolerance: 0,
    },
  ]
}
