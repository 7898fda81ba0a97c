import { FacultyError } from '../base/errors.ts'

export type MinerFailure = { readonly code: 'not-registered'; readonly hotkey: string; readonly netuid: number }

export class MinerError extends FacultyError<MinerFailure> {}
