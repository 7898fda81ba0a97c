import { withoutControls } from './withoutControls.ts'

/** What went wrong, as plain data. `code` tells the failures of one room apart. */
export interface Failure {
  readonly code: string
}

/**
 * The one error class of this project: a message for people, a `failure` for programs and, where there is one,
 * a `mend`: what the reader can do about it. Rooms declare their own union of failures and a subclass over it.
 */
export class FacultyError<F extends Failure = Failure> extends Error {
  readonly failure: F
  readonly mend: string | undefined

  constructor(message: string, failure: F, options: { mend?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.failure = failure
    this.mend = options.mend
  }

  /** Message and mend in one line, as the command line prints them. */
  get explanation(): string {
    return this.mend === undefined ? this.message : `${this.message} (${this.mend})`
  }
}

export interface BadInput extends Failure {
  readonly code: 'bad-input'
  /** Path of the offending field, e.g. `axon.port` or `models.expert.folder`. */
  readonly field: string
  readonly value: unknown
}

/** Input from a flag, file, socket or data set that cannot be used. Names the field, the value and the mend. */
export class InputError extends FacultyError<BadInput> {
  constructor(field: string, value: unknown, mend: string, options: { cause?: unknown } = {}) {
    super(
      value === undefined ? `${field} is missing` : `${field}: ${show(value)} cannot be used`,
      { code: 'bad-input', field, value },
      { mend, ...options },
    )
  }
}

/** The text of anything thrown, for logs, terminals and wrapped messages: a node or a miner may have put in its own words. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof FacultyError) return withoutControls(thrown.explanation)
  return withoutControls(thrown instanceof Error ? thrown.message : String(thrown))
}

const shownCharacters = 120

/** With a replacer, which bigints need and which makes a long list ten times as slow. */
function slowText(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? inner.toString() : inner))
  } catch {
    return String(value)
  }
}

/** A value in an error message: short, on one line, and never failing on cycles or bigints. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return String(value)
  let text: string
  try {
    text = JSON.stringify(value) ?? 'undefined'
  } catch {
    text = slowText(value)
  }
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}… (${text.length} characters)` : text
}
