import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { labelTask, type TaskBody } from '../../shared/build.ts'
import { compose } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

/** What decides whether a statement is hearsay. */
export interface Statement {
  readonly outOfCourt: boolean
  readonly forItsTruth: boolean
  readonly byOpposingParty: boolean
}

/**
 * Hearsay: a statement made outside the current trial or hearing, offered for the truth of what it asserts, unless it
 * is an opposing party's own statement offered against that party.
 *
 * @see Federal Rules of Evidence (2024), Rule 801(c) and (d)(2)(A)
 */
export const hearsay: TaskFamily = {
  name: 'hearsay',
  source: 'Federal Rules of Evidence, Rule 801(c), (d)(2)(A)',
  term: 'hearsay',
  rule: "Hearsay is a statement made outside the current hearing and offered for its truth, unless it is the opposing party's own",
  make: (rng) => {
    if (rng.bool()) return hearsayTask(rng, { outOfCourt: true, forItsTruth: true, byOpposingParty: false })
    const faults = rng.pick([
      { outOfCourt: false },
      { forItsTruth: false },
      { byOpposingParty: true },
      { forItsTruth: false, byOpposingParty: true },
    ])
    return hearsayTask(rng, { outOfCourt: true, forItsTruth: true, byOpposingParty: false, ...faults })
  },
}

/** The task for a given statement; drawn parts are wording only. */
export function hearsayTask(rng: Rng, statement: Statement): TaskBody {
  const { outOfCourt, forItsTruth, byOpposingParty } = statement
  const speaker = personName(rng)
  const label = outOfCourt && forItsTruth && !byOpposingParty ? 'hearsay' : 'not hearsay'
  return labelTask({
    question: compose(rng, {
      subjects: [
        'A statement is offered in evidence',
        `A remark of ${speaker} is offered at trial`,
        'Counsel offers a statement',
        `Evidence of what ${speaker} said`,
      ],
      facts: [
        outOfCourt
          ? [
              'it was made before the trial',
              'it was made out of court',
              'it was written in a letter a year earlier',
              'it was spoken at the scene',
              'it was said in a telephone call',
              'it stands in an old e-mail',
            ]
          : [
              'it is made on the witness stand at this trial',
              'it is live testimony in the current trial',
              'it is said under oath at the present hearing',
              'it is made while testifying at this trial',
            ],
        forItsTruth
          ? [
              'it is offered to prove that what it says is true',
              'it is offered for its truth',
              'its purpose is to prove the matter asserted',
              'the proponent relies on its content being true',
              'it is meant to prove the fact stated',
            ]
          : [
              'it is offered only to show its effect on the listener',
              'it is offered to show notice, not truth',
              'it is offered only to show that the words were spoken',
              'its purpose is to show why the listener left',
              'whether it is true does not matter to the proponent',
            ],
        byOpposingParty
          ? [
              'the speaker is the opposing party',
              'the party against whom it is offered made it',
              `${speaker} is the opponent in the case`,
              'the declarant is the adverse party',
            ]
          : [
              'the speaker is a bystander',
              'the declarant is a neighbour of the parties',
              `${speaker} is not a party`,
              'the speaker is an absent friend of the proponent',
              'the declarant is a stranger to the suit',
            ],
      ],
      asks: [
        'Is it hearsay or not hearsay?',
        'Answer hearsay or not hearsay.',
        'Under Rule 801, is the statement hearsay or not hearsay?',
        'Decide: hearsay or not hearsay.',
        'Hearsay or not hearsay?',
      ],
    }),
    working: [
      outOfCourt ? 'out of court' : 'in court',
      forItsTruth ? 'for its truth' : 'not for its truth',
      byOpposingParty ? 'opposing party' : 'no opposing party',
    ].join(', '),
    statement: `The statement is ${label}.`,
    label,
    labels: ['hearsay', 'not hearsay'],
  })
}
