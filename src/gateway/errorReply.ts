import { type FacultyError, InputError, messageOf } from '../base/errors.ts'
import { DendriteError } from '../dendrite/dendriteError.ts'
import { GatewayError, type GatewayFailure } from './gatewayError.ts'

/** An error as OpenAI's clients read it. */
export interface ErrorReply {
  readonly status: 400 | 404 | 413 | 500 | 502 | 503 | 504
  readonly error: {
    readonly message: string
    readonly type: 'invalid_request_error' | 'server_error'
    /** The field that is wrong. */
    readonly param: string | null
    readonly code: string
  }
  readonly retryAfterMs?: number
}

type Rule = Pick<ErrorReply, 'status'> & { readonly code: string; readonly param?: string }

const rules = {
  'unknown-model': { status: 404, code: 'model_not_found', param: 'model' },
  'no-miner': { status: 503, code: 'no_miner' },
  'bad-request': { status: 400, code: 'bad_request', param: 'messages' },
  unanswered: { status: 502, code: 'miners_failed' },
  overloaded: { status: 503, code: 'overloaded' },
  'not-registered': { status: 500, code: 'not_registered' },
  'cannot-listen': { status: 500, code: 'cannot_listen' },
} as const satisfies Record<GatewayFailure['code'], Rule>

/** A miner may name any wait, and clients keep to it. */
const longestWaitMs = 60_000

/** Turns whatever was thrown into the one reply that clients get, in a plain answer and in a stream alike. */
export function errorReply(thrown: unknown): ErrorReply {
  if (thrown instanceof InputError) {
    return reply({ status: 400, code: 'invalid_value', param: thrown.failure.field }, thrown)
  }
  if (thrown instanceof GatewayError) return gatewayReply(thrown)
  if (thrown instanceof DendriteError) return minerReply(thrown, thrown.failure)
  // Not for strangers: it may name files or addresses of this machine. The log has it.
  return reply({ status: 500, code: 'internal' }, new Error('the gateway failed'))
}

function gatewayReply(thrown: GatewayError): ErrorReply {
  const { failure } = thrown
  if (failure.code === 'unanswered') return minerReply(thrown, failure.last)
  const retryAfterMs = 'retryAfterMs' in failure ? failure.retryAfterMs : undefined
  return reply(rules[failure.code], thrown, retryAfterMs)
}

/** Why the last miner gave no answer says what the client may do: wait, or ask something else. */
function minerReply(thrown: FacultyError, failure: DendriteError['failure']): ErrorReply {
  // Seen by nobody where the client left; a client that did not is one of a gateway that stops.
  if (failure.code === 'cancelled') return reply({ status: 503, code: 'stopping' }, thrown, 1_000)
  const isLate = failure.code === 'timeout' || (failure.code === 'unanswered' && failure.reason === 'deadline')
  if (isLate) return reply({ status: 504, code: 'timeout' }, thrown)
  if (failure.code === 'unanswered' && (failure.reason === 'busy' || failure.reason === 'rate-limited')) {
    return reply({ status: 503, code: 'busy' }, thrown, Math.min(failure.retryAfterMs ?? 1_000, longestWaitMs))
  }
  return reply(rules.unanswered, thrown)
}

function reply({ status, code, param = undefined }: Rule, thrown: Error, retryAfterMs?: number): ErrorReply {
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return {
    status,
    error: { message: messageOf(thrown), type, param: param ?? null, code },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}
