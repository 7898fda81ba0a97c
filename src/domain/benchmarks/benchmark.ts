/** What is right, in the form in which an answer has to declare it. */
export type Gold =
  /** One of a few words. */
  | { readonly kind: 'label'; readonly label: string; readonly labels: readonly string[] }
  /** The letter of an option. */
  | { readonly kind: 'choice'; readonly letter: string; readonly options: Readonly<Record<string, string>> }
  /** An amount; right within `share` of it. */
  | { readonly kind: 'amount'; readonly value: number; readonly share: number }
  /** A name that the answer must contain. */
  | { readonly kind: 'name'; readonly name: string }
  /** Any number of terms, each to be named. */
  | { readonly kind: 'terms'; readonly terms: readonly string[] }
  /** What a program over a table is worth; the answer is a program or the number. */
  | { readonly kind: 'result'; readonly value: Result; readonly table: Table }
  /** Any number of passages of a text. `contained`: a longer passage around one is right too. */
  | { readonly kind: 'spans'; readonly spans: readonly string[]; readonly contained: boolean }

export type Result = number | 'yes' | 'no'

/** Rows of cells as printed; the first cell of each is its name. */
export type Table = readonly (readonly string[])[]

export interface Item {
  /** The set's own, or its place in the file. */
  readonly id: string
  readonly question: string
  readonly gold: Gold
}

/** What a set is known by. All are in [0, 1]. */
export type Metric = 'accuracy' | 'balanced accuracy' | 'macro-F1' | 'weighted F1' | 'F1'

/** Questions that have a row of their own in the table: a task of LegalBench, a clause of CUAD, else the whole set. */
export interface Group {
  readonly name: string
  readonly metric: Metric
  readonly licence: string
  readonly items: readonly Item[]
}

export interface LoadedBenchmark {
  readonly groups: readonly Group[]
  /** What was read. */
  readonly files: readonly string[]
  /** What was left out, and why. */
  readonly notes: readonly string[]
}

export interface BenchmarkSource {
  /** A file of the set or a folder that holds it. */
  readonly path: string
  /** One of the set's own. */
  readonly split: string
  /** Names for which the caller answers that the use is not commercial: a set, or a task as `legalbench/scalr`. */
  readonly allowed: ReadonlySet<string>
}

/** A public set in its published format. Nothing of it is shipped. */
export interface Benchmark {
  readonly name: string
  readonly title: string
  /** Of the subnet's domains, the one whose miners are asked. */
  readonly domain: 'law' | 'medicine' | 'finance'
  readonly licence: string
  /** Read only if it is allowed by name. LegalBench: by task. */
  readonly isNonCommercial: boolean
  /** Where its owners give it away. */
  readonly from: string
  /** What is looked for under the path, for people. */
  readonly files: string
  readonly metric: Metric
  /** The metric of the whole: over all questions, or the mean of the groups'. */
  readonly total: 'pooled' | 'mean'
  /** The first is the default. */
  readonly splits: readonly string[]
  /** @throws InputError naming file, line or entry, field and mend */
  readonly load: (source: BenchmarkSource) => LoadedBenchmark
}
