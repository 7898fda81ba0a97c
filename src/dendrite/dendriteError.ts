import { FacultyError } from '../base/errors.ts'
import type { ReceiptField } from '../wire/receipt.ts'
import { type WireErrorCode, wireErrors } from '../wire/wireError.ts'

export type DendriteFailure =
  /** No TLS session came about: nobody listens, or it took too long. */
  | { readonly code: 'unreachable'; readonly host: string; readonly port: number }
  /** The peer does not hold the key that the axon published. Nothing was sent to it. */
  | { readonly code: 'wrong-key'; readonly host: string; readonly port: number }
  /** The axon ended the session, or did not begin it. */
  | { readonly code: 'refused'; readonly reason: WireErrorCode }
  /** The axon took or refused this ask and gives no answer. */
  | { readonly code: 'unanswered'; readonly reason: WireErrorCode; readonly retryAfterMs?: number }
  | { readonly code: 'timeout'; readonly afterMs: number }
  | { readonly code: 'cancelled' }
  | { readonly code: 'connection-lost'; readonly closeCode?: number }
  /** The answer came, but its receipt does not fit it; `missing`: there is none. */
  | { readonly code: 'bad-receipt'; readonly part: ReceiptField | 'signature' | 'missing' }
  /** The axon breaks the protocol. */
  | { readonly code: 'bad-axon' }
  /** This end cannot connect: its signer does not sign, or the target is malformed. */
  | { readonly code: 'bad-caller' }
  /** This end closed the session. */
  | { readonly code: 'closed' }

/** Why there is no answer from an axon. */
export class DendriteError extends FacultyError<DendriteFailure> {}

/** Whether the same connection may come about if tried again soon, nothing else changing. */
export function isTransient({ failure }: DendriteError): boolean {
  if (failure.code === 'refused') return wireErrors[failure.reason].retry
  return failure.code === 'unreachable' || failure.code === 'connection-lost'
}
