import { FacultyError, InputError, messageOf } from '../base/errors.ts'
import type { BatcherLimits } from './batcher.ts'
import type { DeviceName } from './deviceNames.ts'
import type { Dtype } from './dtypes.ts'
import type { EngineEvent, EngineStats, GenerateRequest } from './engine.ts'
import { EngineError, type EngineFailure } from './engineError.ts'

/* What a session's thread and the main one say to each other. */

/** Given to the thread at its start. */
export interface SessionTask {
  /** Model folder. */
  readonly folder: string
  readonly dtype?: Dtype | undefined
  readonly device: DeviceName
  readonly limits?: Partial<BatcherLimits> | undefined
}

export type ToSession =
  | {
      readonly type: 'generate'
      readonly id: number
      readonly request: GenerateRequest
      readonly priority: number | undefined
    }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' }

export type FromSession =
  | { readonly type: 'opened'; readonly lines: readonly string[] }
  /** Said now and then where something has changed. */
  | { readonly type: 'stats'; readonly stats: EngineStats }
  | { readonly type: 'not-opened'; readonly error: SentError }
  | { readonly type: 'event'; readonly id: number; readonly event: EngineEvent }
  /** The last one of a generation; without an error it ended well. */
  | { readonly type: 'end'; readonly id: number; readonly error?: SentError }

/** An error as data: classes do not pass between threads. */
export interface SentError {
  readonly kind: 'engine' | 'input' | 'other'
  readonly message: string
  readonly failure?: unknown
  readonly mend?: string | undefined
}

export function errorToSend(error: unknown): SentError {
  if (!(error instanceof FacultyError)) return { kind: 'other', message: messageOf(error) }
  const { message, failure, mend } = error
  return { kind: error instanceof InputError ? 'input' : 'engine', message, failure, mend }
}

export function errorSent({ kind, message, failure, mend }: SentError): Error {
  if (kind === 'other') return new Error(message)
  if (kind === 'input') {
    const { field, value } = failure as { field: string; value: unknown }
    return new InputError(field, value, mend ?? '')
  }
  return new EngineError(message, failure as EngineFailure, mend === undefined ? {} : { mend })
}
