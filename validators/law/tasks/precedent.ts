import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { choiceTask, optionLetters, type TaskBody } from '../../shared/build.ts'
import { listOptions } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'
import { states } from '../states.ts'

/** A source of law as an option shows it, and the word of it that tells it apart. */
export interface Authority {
  readonly text: string
  readonly word: string
}

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
const persuasive: readonly Authority[] = [
  { text: 'a leading treatise', word: 'treatise' },
  { text: 'a law review article', word: 'article' },
  { text: 'a Restatement', word: 'Restatement' },
  { text: 'another trial court', word: 'trial' },
  { text: 'a dissenting opinion', word: 'dissenting' },
  { text: 'an English court', word: 'English' },
  { text: 'an arbitral tribunal', word: 'tribunal' },
]

const supremeCourt: Authority = { text: 'the Supreme Court', word: 'Supreme' }

/**
 * Which authority binds a court (stare decisis): a federal district court follows the Supreme Court and its own
 * circuit's court of appeals on federal law; a State's trial court follows that State's supreme court on state law.
 *
 * @see Hutto v. Davis, 454 U.S. 370, 375 (1982); Erie Railroad Co. v. Tompkins, 304 U.S. 64 (1938)
 */
export const precedent: TaskFamily = {
  name: 'precedent',
  source: 'Hutto v. Davis, 454 U.S. 370 (1982); Erie Railroad Co. v. Tompkins, 304 U.S. 64 (1938)',
  make: (rng) => {
    const [own, ...others] = rng.shuffle(rng.bool() ? circuits : states) as [string, ...string[]]
    return circuits.includes(own) ? federalTask(rng, own, others) : stateTask(rng, own, others)
  },
}

function federalTask(rng: Rng, own: string, others: readonly string[]): TaskBody {
  return precedentTask(rng, {
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

function circuitOf(name: string): Authority {
  return { text: `the ${name} Circuit Court of Appeals`, word: name }
}

function highestOf(state: string): Authority {
  return { text: `the ${state} Supreme Court`, word: state }
}

/** The task for given authorities, one of which binds; their order and the wording are drawn. */
export function precedentTask(
  rng: Rng,
  authorities: { setting: string; binding: Authority; others: readonly Authority[] },
): TaskBody {
  const options = rng.shuffle([authorities.binding, ...authorities.others])
  const ask = rng.pick([
    'Which authority binds it?',
    'Which of these is binding authority there?',
    'Whose ruling must be followed?',
    'Choose the binding authority.',
    'Which one is mandatory rather than persuasive?',
  ])
  const texts = options.map((option) => option.text)
  return choiceTask({
    ask: `${authorities.setting} ${ask}`,
    shown: listOptions(rng, optionLetters, texts),
    options: texts,
    right: authorities.binding.text,
    from: authorities.binding.word,
  })
}
