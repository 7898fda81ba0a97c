import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { labelTask, type TaskBody } from '../../shared/build.ts'
import { firmName } from '../../shared/names.ts'
import { states } from '../states.ts'

/** Clauses by type: what gives them away, and texts with A and B for the parties, S for a State, N for a number. */
const clauses = {
  'governing law': [
    ['governed by the laws', 'This Agreement is governed by the laws of S.'],
    ['construed under the law', 'It shall be construed under the law of S, conflict rules apart.'],
    ['law of the State applies', 'The law of the State of S applies to all disputes between A and B.'],
    ['laws of', 'Disputes are decided by the laws of S.'],
    ['subject to the law', 'The contract is subject to the law of S, whatever the place of performance.'],
  ],
  confidentiality: [
    ['keep secret', 'B shall keep secret all that A discloses to it for N years.'],
    ['not disclose', 'B shall not disclose the information of A to any third person.'],
    ['hold in confidence', 'Each party shall hold in confidence what it learns of the other for N years.'],
    ['trade secrets', 'The trade secrets of A may be shown to no one outside B.'],
    ['non-public information', 'B protects all non-public information of A for N years.'],
  ],
  termination: [
    ['may end this Agreement', 'Either party may end this Agreement with N days of notice.'],
    ['may terminate', 'A may terminate if B is in breach for more than N days.'],
    ['right to cancel', 'B has the right to cancel the contract at the end of any month.'],
    ['comes to an end', 'The contract comes to an end N days after written notice by A.'],
    ['cancel at any time', 'A is free to cancel at any time on N days of notice.'],
  ],
  assignment: [
    ['may not assign', 'B may not assign its rights without the consent of A.'],
    ['transfer of this contract', 'A transfer of this contract by B to another needs the written approval of A.'],
    ['shall bind successors', 'This Agreement shall bind successors and permitted assigns of A and B.'],
    ['assign or delegate', 'Neither party shall assign or delegate this Agreement.'],
    ['made over', 'The rights of B can be made over to a buyer of its business only with leave of A.'],
  ],
  indemnification: [
    ['shall indemnify', 'B shall indemnify A against all claims of third persons.'],
    ['hold harmless', 'A will hold harmless B and its staff from losses caused by its products.'],
    ['defend at its cost', 'B will defend at its cost any suit brought against A over the goods.'],
    ['make good any loss', 'B will make good any loss that A suffers through claims of others.'],
    ['reimburse', 'B must reimburse A for judgments won by third persons.'],
  ],
  'limitation of liability': [
    ['liability is capped', 'The liability of A is capped at N thousand dollars.'],
    ['not liable for lost profits', 'A is not liable for lost profits or other indirect damage of B.'],
    ['damages shall not exceed', 'Damages shall not exceed what B paid in the last N months.'],
    ['in no event liable', 'A is in no event liable for more than N thousand dollars.'],
    ['no consequential damages', 'B can claim no consequential damages from A.'],
  ],
  'force majeure': [
    ['beyond its control', 'Neither A nor B answers for delay from causes beyond its control.'],
    ['act of God', 'An act of God, war or flood excuses performance by B for N days.'],
    ['natural disasters', 'Natural disasters and strikes suspend the duties of A while they last.'],
    ['war, flood or strike', 'War, flood or strike frees A from performance while it lasts.'],
    ['unforeseeable events', 'Unforeseeable events such as epidemics release B for up to N days.'],
  ],
  'non-compete': [
    ['shall not compete', 'B shall not compete with A in S for N months.'],
    ['no rival business', 'For N months after its end B will open no rival business in S.'],
    ['refrain from selling competing goods', 'B agrees to refrain from selling competing goods within S.'],
    ['same trade', 'B will not work in the same trade as A within S for N months.'],
    ['competing product', 'During the term B sells no competing product in S.'],
  ],
} as const

export type ClauseType = keyof typeof clauses

const labels = Object.keys(clauses) as ClauseType[]

const rules: Readonly<Record<ClauseType, string>> = {
  'governing law': 'A governing law clause says which law decides disputes about the contract',
  confidentiality: 'A confidentiality clause forbids a party to disclose what it learns from the other',
  termination: 'A termination clause says when or how a party may end the contract',
  assignment: 'An assignment clause says whether rights or duties under the contract may pass to another',
  indemnification: 'An indemnification clause makes a party bear what the other loses by claims of third persons',
  'limitation of liability': 'A limitation of liability clause caps or excludes the damages that a party may claim',
  'force majeure': 'A force majeure clause excuses a party that is kept from performance by events beyond its control',
  'non-compete': 'A non-compete clause forbids a party to compete with the other',
}

/**
 * The type of a contract clause: one of eight that contracts themselves name in their headings, from which the LEDGAR corpus
 * takes its labels.
 *
 * @see Tuggener, von Daeniken, Peetz, Cieliebak, "LEDGAR: A Large-Scale Multi-label Corpus for Text Classification of Legal
 *   Provisions in Contracts", LREC (2020), pp. 1235-1241
 */
export const clauseType: TaskFamily = {
  name: 'clause-type',
  source: 'Tuggener et al., LEDGAR: Legal Provisions in Contracts, LREC (2020)',
  term: 'the type of a contract clause',
  rule: "A clause's type is what it settles, such as which law governs, how the contract ends or who bears a loss",
  make: (rng) => clauseTypeTask(rng, rng.pick(labels)),
}

/** The task for a type; its text is drawn. */
export function clauseTypeTask(rng: Rng, type: ClauseType): TaskBody {
  const [cue, template] = rng.pick<readonly [cue: string, text: string]>(clauses[type])
  const names: Readonly<Record<string, string>> = {
    A: firmName(rng),
    B: firmName(rng),
    S: rng.pick(states),
    N: String(rng.int(2, 90)),
  }
  const text = template.replace(
    /(?<!^)\b[ABSN]\b|^[AB](?= (?:may|will|is|has|shall|agrees))/g,
    (letter) => names[letter]!,
  )
  const heading = rng.pick(['Clause: ', `Section ${rng.int(2, 30)}. `, 'The contract says: ', ''])
  const list = rng.shuffle(labels).join(', ')
  const ask = rng.pick([
    `Which type of clause is it? One of: ${list}.`,
    `Classify it as one of ${list}.`,
    `Name its type: ${list}.`,
  ])
  const statement = `The type of the clause is ${type}.`
  return {
    ...labelTask({ question: `${heading}${text} ${ask}`, working: cue, statement, label: type, labels }),
    rule: rules[type],
  }
}
