import type { Rng } from '../base/random.ts'

// biome-ignore lint/performance/noBarrelFile: this file is the published entry faculty/defineValidator
export { type GenerateTasksOptions, generateTasks } from './generateTasks.ts'
export type { Rng }

/** What is right, and how nearly right an answer must be. */
export type Truth =
  /** One of a few words, e.g. `yes` or `no`. */
  | { readonly kind: 'label'; readonly label: string; readonly labels: readonly string[] }
  /** The letter of an option that the question lists. */
  | { readonly kind: 'choice'; readonly letter: string; readonly letters: readonly string[] }
  /** A number; right within `tolerance` (absolute, in `unit`). */
  | { readonly kind: 'number'; readonly value: number; readonly tolerance: number; readonly unit: string }
  /** Free text: right where it makes every required statement and no forbidden one. */
  | { readonly kind: 'claims'; readonly required: readonly Claim[]; readonly forbidden: readonly Claim[] }

/**
 * A statement that can be looked for in a text. Its phrases are plain lower-case words; `a|b` stands for either word, `*`
 * for up to three words, `{n}` for a number.
 */
export interface Claim {
  /** Ways to make it. */
  readonly says: readonly string[]
  /** Ways to say the contrary. */
  readonly denies: readonly string[]
  /** What `{n}` must be, within `tolerance` (absolute); another number there says the contrary. */
  readonly value?: number
  readonly tolerance?: number
}

/** One question with its truth. Only `question` ever leaves the validator. */
export interface Task {
  readonly domain: string
  readonly family: string
  readonly question: string
  readonly truth: Truth
  /** The probability of a lucky guess in [0, 1): 1 / number of labels; 0 for numbers. */
  readonly chance: number
  /** How to get there, calculator calls included: `<calc>(140-67)*72</calc>=5256`. Training data for miners. */
  readonly working: string
  /** The result in words, as a model should say it after the working: `The anion gap is 12 mmol/L.` */
  readonly statement?: string
  /** The family's term and what it means: its rule and source as one sentence. */
  readonly term?: string
  readonly meaning?: string
  /** The rule and its source as one sentence, with which a model should back its statement. */
  readonly rule?: string
  /** The final answer as a model should write it, e.g. `56.15` or `yes`. */
  readonly answer: string
}

/** A kind of question with parameters drawn at random and truth by construction. */
export interface TaskFamily {
  readonly name: string
  /** Where the rule or formula behind it stands: name, year, section. */
  readonly source: string
  /** What it asks about, as in `What is the anion gap?`: `the anion gap`. */
  readonly term?: string
  /**
   * The rule as a sentence without its full stop, which also tells what the term means: `The anion gap is sodium less
   * chloride and bicarbonate`. A family of several rules gives each task its own.
   */
  readonly rule?: string
  /** Same stream, same task. */
  readonly make: (rng: Rng) => Omit<Task, 'domain' | 'family' | 'term' | 'meaning'>
}

export interface ValidatorDefinition {
  readonly domain: string
  readonly families: readonly TaskFamily[]
  /** Task and the miner's whole answer text → score in [0, 1]. Pure. */
  readonly score: (task: Task, answer: string) => number
  /**
   * What an answer claims, in one form whatever the words around it, so that answers of several miners can be compared;
   * undefined where it claims nothing. Default: the whole text.
   */
  readonly claim?: (task: Task, answer: string) => string | undefined
}

/** A validator domain as its author writes it: the default export of `validator.ts`. */
export function defineValidator(definition: ValidatorDefinition): ValidatorDefinition {
  return definition
}
