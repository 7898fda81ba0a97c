import { FacultyError, InputError, messageOf, show } from '../../base/errors.ts'
import { KeyError } from '../../keys/keyError.ts'
import { NoSuchRuntimeMethod } from '../callRuntime.ts'
import { ReplayError } from '../dev/replayError.ts'
import { ForkError } from '../fork/forkError.ts'
import { PoolError } from '../pool.ts'
import { ScaleError } from '../scale/io.ts'
import { ValidityFailure } from '../validityError.ts'

/** The `error` member of a JSON-RPC answer. */
export interface ErrorObject {
  readonly code: number
  readonly message: string
  readonly data?: string
}

/** JSON-RPC 2.0 and Substrate error codes (polkadot-sdk `sc-rpc-api`). */
export const errorCodes = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  tooManySubscriptions: -32006,
  responseTooBig: -32008,
  batchResponseTooBig: -32011,
  unsafe: -32601,
  badFormat: 1001,
  invalidTransaction: 1010,
  unknownValidity: 1011,
  temporarilyBanned: 1012,
  alreadyImported: 1013,
  tooLowPriority: 1014,
  immediatelyDropped: 1016,
  blockRange: 4001,
  pageTooLong: 4002,
  state: 4003,
  // Of `chainHead_v1_*` (polkadot-sdk `sc-rpc-spec-v2`).
  tooManyFollows: -32800,
  invalidBlock: -32801,
  followsNoRuntime: -32802,
  invalidContinue: -32803,
  duplicateHashes: -32804,
} as const

export class RpcError extends FacultyError<{ code: 'rpc'; error: ErrorObject }> {
  constructor(code: keyof typeof errorCodes, message: string, data?: string) {
    const error = { code: errorCodes[code], message, ...(data === undefined ? {} : { data }) }
    super(message, { code: 'rpc', error })
  }
}

/** Turns anything thrown by a handler into an answer, for both transports. `note` hears of what nobody expected. */
export function errorObject(thrown: unknown, note: (line: string) => void): ErrorObject {
  if (thrown instanceof RpcError) return thrown.failure.error
  if (thrown instanceof ValidityFailure) return validityObject(thrown)
  if (thrown instanceof PoolError) return poolObject(thrown)
  if (thrown instanceof NoSuchRuntimeMethod)
    return { code: errorCodes.state, message: `Client error: ${thrown.message}` }
  if (thrown instanceof ForkError || thrown instanceof ReplayError) {
    return { code: errorCodes.state, message: `Client error: ${messageOf(thrown)}` }
  }
  if (thrown instanceof InputError) {
    const { field, value } = thrown.failure
    return {
      code: errorCodes.invalidParams,
      message: 'Invalid params',
      data: `${field}: ${show(value)}: ${thrown.mend}`,
    }
  }
  if (thrown instanceof ScaleError || thrown instanceof KeyError) {
    return { code: errorCodes.invalidParams, message: 'Invalid params', data: messageOf(thrown) }
  }
  note(`rpc: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`)
  return { code: errorCodes.internal, message: 'Internal error', data: messageOf(thrown) }
}

function validityObject(thrown: ValidityFailure): ErrorObject {
  return thrown.failure.error.type === 'Unknown'
    ? { code: errorCodes.unknownValidity, message: 'Unknown Transaction Validity', data: thrown.message }
    : { code: errorCodes.invalidTransaction, message: 'Invalid Transaction', data: thrown.message }
}

function poolObject({ failure, message }: PoolError): ErrorObject {
  switch (failure.code) {
    case 'already-imported':
      return { code: errorCodes.alreadyImported, message, data: failure.hash }
    case 'temporarily-banned':
      return { code: errorCodes.temporarilyBanned, message }
    case 'too-low-priority':
      return {
        code: errorCodes.tooLowPriority,
        message,
        data: 'The transaction has too low priority to replace another transaction already in the pool.',
      }
    case 'immediately-dropped':
      return {
        code: errorCodes.immediatelyDropped,
        message,
        data: "The transaction couldn't enter the pool because of the limit",
      }
  }
}
