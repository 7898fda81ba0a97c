import { FacultyError } from '../base/errors.ts'
import type { ReceiptField } from '../wire/receipt.ts'

export type ClientFailure =
  /** No gateway answers at the address. */
  | { readonly code: 'unreachable'; readonly url: string }
  /** The gateway refuses or fails; `type`, `param` and `reason` are its own, as OpenAI's API has them. */
  | {
      readonly code: 'refused'
      readonly status: number
      readonly reason: string | undefined
      readonly param: string | undefined
      readonly retryAfterMs: number | undefined
    }
  /** The answer broke off; `text` is what had come. */
  | { readonly code: 'interrupted'; readonly text: string }
  /** What answers is no gateway of ours, or breaks its own form. */
  | { readonly code: 'bad-reply'; readonly field: string }
  /** The answer came, but its receipt does not fit it. */
  | { readonly code: 'bad-receipt'; readonly part: ReceiptField | 'signature' }
  | { readonly code: 'cancelled' }

/** Why there is no answer from a gateway. */
export class ClientError extends FacultyError<ClientFailure> {}
