import { InputError } from '../../base/errors.ts'
import { type BlockContext, type Call, DispatchFailure } from '../pallet.ts'

/**
 * Runs a call as root inside an edit.
 *
 * @param field what the call was asked for with, for the error
 * @throws InputError with the chain's error name where the call fails
 */
export function dispatchAsRoot(context: BlockContext, call: Call, field: string, value: unknown): void {
  try {
    context.dispatch(call, { kind: 'root' })
  } catch (error) {
    if (error instanceof DispatchFailure) throw refusedByChain(error, field, value)
    throw error
  }
}

/** A refusal of the chain in the words of an input that cannot be used. */
export function refusedByChain(failure: DispatchFailure, field: string, value: unknown): InputError {
  return new InputError(field, value, `the chain refuses it: ${failure.message}`, { cause: failure })
}
