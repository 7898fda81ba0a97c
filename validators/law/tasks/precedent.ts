import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { calc, choiceTask, optionLetters, type TaskBody } from '../../shared/build.ts'
import { listOptions } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'
import { states } from '../states.ts'

const circuits = [
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
  'Eleventh',
]

/** What persuades at most. */
const persuasive: readonly string[] = [
  'a leading treatise',
  'a law review article',
  'a Restatement',
  'another trial court',
  'a dissenting opinion',
  'an English court',
  'an arbitral tribunal',
]

const supremeCourt = 'the Supreme Court'

const rules = {
  federal:
    "Binding authority on federal law is what the Supreme Court and the circuit's own court of appeals have held",
  state: 'Binding authority on state law is what the highest court of that State has held',
} as const

/**
 * Which authority binds a court (stare decisis): a federal district court follows the Supreme Court and its own
 * circuit's court of appeals on federal law; a State's trial court follows that State's supreme court on state law.
 *
 * @see Hart v. Massanari, 266 F.3d 1155, 1170 (9th Cir. 2001); Hutto v. Davis, 454 U.S. 370, 375 (1982); Erie Railroad Co. v.
 *   Tompkins, 304 U.S. 64, 78 (1938)
 */
export const precedent: TaskFamily = {
  name: 'precedent',
  source: 'Hart, 266 F.3d 1155 (9th Cir. 2001); Erie, 304 U.S. 64 (1938)',
  term: 'binding authority',
  rule: 'Binding authority is what the courts above a court have held; what other courts or writers say only persuades',
  make: (rng) => {
    const [own, ...others] = rng.shuffle(rng.bool() ? circuits : states) as [string, ...string[]]
    return circuits.includes(own) ? federalTask(rng, own, others) : stateTask(rng, own, others)
  },
}

function federalTask(rng: Rng, own: string, others: readonly string[]): TaskBody {
  return precedentTask(rng, {
    own,
    setting: rng.pick([
      `A federal district court in the ${own} Circuit decides a question of federal law.`,
      `A federal trial judge sits in the ${own} Circuit; the issue is one of federal law.`,
      `${personName(rng)} litigates a federal question before a district court of the ${own} Circuit.`,
      `In the ${own} Circuit a district court must construe a federal statute.`,
    ]),
    binding: rng.bool(0.75) ? circuitOf(own) : supremeCourt,
    others: rng.shuffle([...others.slice(0, 3).map(circuitOf), ...rng.shuffle(persuasive).slice(0, 2)]).slice(0, 3),
  })
}

function stateTask(rng: Rng, own: string, others: readonly string[]): TaskBody {
  return precedentTask(rng, {
    own,
    setting: rng.pick([
      `A trial court of ${own} decides a question of state law.`,
      `A county judge in ${own} must apply the common law of that State.`,
      `${personName(rng)} litigates a state law question before a trial court of ${own}.`,
      `The issue is one of state law, the forum a lower court of ${own}.`,
    ]),
    binding: highestOf(own),
    others: rng.shuffle([...others.slice(0, 3).map(highestOf), ...rng.shuffle(persuasive).slice(0, 2)]).slice(0, 3),
  })
}

function circuitOf(name: string): string {
  return `the ${name} Circuit Court of Appeals`
}

/** Where the highest court is not called Supreme Court; New York's Supreme Court is a trial court. */
const otherNames: Readonly<Record<string, string>> = {
  'New York': 'Court of Appeals',
  Massachusetts: 'Supreme Judicial Court',
  Maine: 'Supreme Judicial Court',
  'West Virginia': 'Supreme Court of Appeals',
}

function highestOf(state: string): string {
  return `the ${state} ${otherNames[state] ?? 'Supreme Court'}`
}

/** Place of a circuit or a State in its list, from 1: numbers can be compared by the calculator, names cannot. */
function numberOf(name: string): number {
  return (circuits.includes(name) ? circuits : states).indexOf(name) + 1
}

/** The circuit or State of an authority; undefined for one that is of none. */
function placeOf(authority: string): string | undefined {
  return [
    ...circuits.map((name) => [name, `the ${name} Circuit`]),
    ...states.map((name) => [name, highestOf(name)]),
  ].find(([, start]) => authority.startsWith(start!))?.[0]
}

/**
 * The task for given authorities, one of which binds; their order and the wording are drawn.
 *
 * @param authorities.own the circuit or State whose court asks
 */
export function precedentTask(
  rng: Rng,
  authorities: { own: string; setting: string; binding: string; others: readonly string[] },
): TaskBody {
  const own = numberOf(authorities.own)
  const options = rng.shuffle([authorities.binding, ...authorities.others])
  const ask = rng.pick([
    'Which authority binds it?',
    'Which of these is binding authority there?',
    'Whose ruling must be followed?',
    'Choose the binding authority.',
    'Which one is mandatory rather than persuasive?',
  ])
  const task = choiceTask({
    ask: `${authorities.setting} ${ask}`,
    shown: listOptions(rng, optionLetters, options),
    options,
    right: authorities.binding,
    quality: 'The binding court',
    lead: `${authorities.own} ${own}`,
    reason: (option) => {
      const place = placeOf(option)
      return place === undefined ? undefined : calc(`${own}-${numberOf(place)}`, own - numberOf(place))
    },
  })
  return { ...task, rule: circuits.includes(authorities.own) ? rules.federal : rules.state }
}
