import { FacultyError } from '../../base/errors.ts'

export type ForkFailure =
  /** What is wanted is not in the cache, and the source cannot be asked. */
  | { readonly code: 'fork-source-silent'; readonly endpoint: string; readonly method: string }
  | { readonly code: 'fork-source-refused'; readonly endpoint: string; readonly method: string }
  /** The source has another kind of chain, or what it says does not fit together. */
  | { readonly code: 'fork-unfit'; readonly endpoint: string }

/** A chain cannot be forked, or what lies under a fork cannot be read. */
export class ForkError extends FacultyError<ForkFailure> {}
