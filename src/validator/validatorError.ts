import { FacultyError } from '../base/errors.ts'

export type ValidatorFailure =
  /** The database belongs to another subnet, chain, hotkey or release. */
  | { readonly code: 'wrong-database'; readonly path: string; readonly field: string }
  | { readonly code: 'database-in-use'; readonly path: string }
  | { readonly code: 'bad-database'; readonly path: string }
  | { readonly code: 'not-registered'; readonly hotkey: string; readonly netuid: number }
  /** It hangs; whoever keeps it running should start it anew. */
  | { readonly code: 'stalled' }

export class ValidatorError extends FacultyError<ValidatorFailure> {}
