import { FacultyError } from '../base/errors.ts'

export type EngineFailure =
  /** A setting or message that no model could take. */
  | { readonly code: 'bad-request'; readonly field: string; readonly value: unknown }
  | { readonly code: 'too-long'; readonly promptTokens: number; readonly contextTokens: number }
  /** A model folder that is incomplete or of a layout that is not understood. `path` is the file or folder at fault. */
  | { readonly code: 'bad-model'; readonly path: string }
  /** The queue is full. */
  | { readonly code: 'busy'; readonly waiting: number }
  | { readonly code: 'no-device'; readonly lines: readonly string[] }
  /** The model does not fit. `haveBytes` is what is free where the device keeps its memory. */
  | { readonly code: 'no-memory'; readonly device: string; readonly needBytes: number; readonly haveBytes: number }
  /** The device failed while running the model. */
  | { readonly code: 'device'; readonly device: string }
  /** Logits without a usable number in them. */
  | { readonly code: 'bad-output' }
  /** An inference server refused, failed or broke off. `status` where it answered with one that says so. */
  | { readonly code: 'upstream'; readonly url: string; readonly status?: number; readonly retryAfterMs?: number }
  /** An inference server that does not serve the model asked for. */
  | { readonly code: 'wrong-model'; readonly url: string; readonly wanted: string; readonly served: readonly string[] }
  | { readonly code: 'timeout'; readonly url: string; readonly afterMs: number }
  | { readonly code: 'closed'; readonly model: string }

export class EngineError extends FacultyError<EngineFailure> {}

/** What a generation throws when its signal fires: always named AbortError, the signal's own reason as its cause. */
export function abortError(signal: AbortSignal): Error {
  const { reason } = signal
  if (reason instanceof Error && reason.name === 'AbortError') return reason
  return new DOMException('the generation was cancelled', { name: 'AbortError', cause: reason })
}
