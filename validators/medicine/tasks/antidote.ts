import type { Rng, TaskFamily } from 'faculty/defineValidator'
import { choiceTask, optionLetters, type TaskBody } from '../../shared/build.ts'
import { capitalised, listOptions } from '../../shared/compose.ts'
import { personName } from '../../shared/names.ts'

/** Each antidote stands once, so exactly one of any options fits. */
const antidotes: readonly { readonly poisons: readonly string[]; readonly antidote: string }[] = [
  { poisons: ['paracetamol', 'acetaminophen'], antidote: 'acetylcysteine' },
  { poisons: ['morphine', 'heroin', 'fentanyl', 'methadone'], antidote: 'naloxone' },
  { poisons: ['diazepam', 'midazolam', 'lorazepam'], antidote: 'flumazenil' },
  { poisons: ['warfarin', 'phenprocoumon'], antidote: 'vitamin K' },
  { poisons: ['heparin'], antidote: 'protamine' },
  { poisons: ['digoxin', 'digitoxin'], antidote: 'digoxin antibody fragments' },
  { poisons: ['methanol', 'ethylene glycol'], antidote: 'fomepizole' },
  { poisons: ['cyanide'], antidote: 'hydroxocobalamin' },
  { poisons: ['iron', 'ferrous sulfate'], antidote: 'deferoxamine' },
  { poisons: ['an organophosphate', 'parathion', 'malathion'], antidote: 'atropine' },
  { poisons: ['methotrexate'], antidote: 'folinic acid' },
  { poisons: ['isoniazid'], antidote: 'pyridoxine' },
  { poisons: ['propranolol', 'a beta blocker'], antidote: 'glucagon' },
  { poisons: ['dabigatran'], antidote: 'idarucizumab' },
  { poisons: ['lead'], antidote: 'succimer' },
  { poisons: ['thallium'], antidote: 'Prussian blue' },
  {
    poisons: ['a nitrite causing methaemoglobinaemia', 'dapsone causing methaemoglobinaemia'],
    antidote: 'methylene blue',
  },
  { poisons: ['a sulfonylurea', 'glibenclamide'], antidote: 'octreotide' },
  { poisons: ['local anaesthetic', 'bupivacaine'], antidote: 'lipid emulsion' },
]

/**
 * The specific antidote for a poisoning, out of four.
 *
 * @see World Health Organization, Model List of Essential Medicines, 23rd list (2023), section 4; Dart and others,
 *   "Expert consensus guidelines for stocking of antidotes", Annals of Emergency Medicine 71 (2018) 314
 */
export const antidote: TaskFamily = {
  name: 'antidote',
  source: 'WHO Essential Medicines (2023) s. 4; Ann Emerg Med 71 (2018) 314-325',
  term: 'a specific antidote',
  rule: 'A specific antidote is the drug that counteracts the effects of one poison or one class of poisons',
  make: (rng) => {
    const [right, ...others] = rng.shuffle(antidotes)
    return antidoteTask(
      rng,
      rng.pick(right!.poisons),
      right!.antidote,
      others.slice(0, 3).map((other) => other.antidote),
    )
  },
}

/** The antidote that the table names for a poison. @throws RangeError for a poison that is not in it */
export function antidoteFor(poison: string): string {
  const found = antidotes.find(({ poisons }) => poisons.includes(poison))
  if (found === undefined) throw new RangeError(`antidoteFor: ${poison} is not in the table`)
  return found.antidote
}

function antidoteTask(rng: Rng, poison: string, right: string, wrong: readonly string[]): TaskBody {
  const options = rng.shuffle([right, ...wrong])
  const name = personName(rng)
  const setting = rng.pick([
    `${name} is poisoned with ${poison}.`,
    `${capitalised(poison)} poisoning is confirmed.`,
    `${name} took an overdose of ${poison}.`,
    `A patient has toxic levels of ${poison}.`,
    `The emergency room treats ${poison} toxicity.`,
    `The laboratory reports a dangerous dose of ${poison}.`,
  ])
  const ask = rng.pick([
    'Which is the specific antidote?',
    'Which of these is the antidote?',
    'Choose the antidote.',
    'What should be given?',
    'Pick the right antidote.',
  ])
  return choiceTask({
    ask: `${setting} ${ask}`,
    shown: listOptions(rng, optionLetters, options),
    options,
    right,
    quality: 'The antidote',
  })
}
