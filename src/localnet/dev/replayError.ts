import { FacultyError } from '../../base/errors.ts'

export type ReplayFailure = {
  readonly code: 'replay-differs'
  readonly block: number
  readonly expected: string
  readonly found: string
}

/** A replayed block has another state than the recorded one. */
export class ReplayError extends FacultyError<ReplayFailure> {}
