import { FacultyError } from '../base/errors.ts'

export type TimelockFailure =
  /** Bytes that are not what they should be: a key, a signature, a ciphertext. */
  | { readonly code: 'malformed'; readonly what: string }
  /** A ciphertext that this signature does not open. */
  | { readonly code: 'not-opened' }
  /** A beacon's server did not answer, or not with a pulse. */
  | { readonly code: 'unreachable'; readonly url: string }

export class TimelockError extends FacultyError<TimelockFailure> {}
