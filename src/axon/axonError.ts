import { FacultyError } from '../base/errors.ts'

export type AxonFailure =
  | { readonly code: 'bad-key-file'; readonly path: string }
  | { readonly code: 'key-exists'; readonly path: string }
  | { readonly code: 'cannot-listen'; readonly host: string; readonly port: number }

/** An axon that cannot be started, or its key that cannot be used. */
export class AxonError extends FacultyError<AxonFailure> {}

export type AnswerFailure =
  | { readonly code: 'bad-request' }
  | { readonly code: 'busy'; readonly retryAfterMs?: number }
  | { readonly code: 'failed' }

/**
 * Thrown by an injected `answer` to tell the caller why there is none: unlike that of any other error, its message goes
 * over the wire, so it must not hold what only the miner should know.
 */
export class AnswerError extends FacultyError<AnswerFailure> {}
