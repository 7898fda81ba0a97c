import { FacultyError } from '../base/errors.ts'
import { dispatchError } from './scale/chainTypes.ts'
import { result } from './scale/collections.ts'
import { u8, unit, type ValueOf, variant, variantCase } from './scale/types.ts'

export const invalidTransaction = variant('sp_runtime::transaction_validity::InvalidTransaction', {
  Call: variantCase(0, {}),
  Payment: variantCase(1, {}),
  Future: variantCase(2, {}),
  Stale: variantCase(3, {}),
  BadProof: variantCase(4, {}),
  AncientBirthBlock: variantCase(5, {}),
  ExhaustsResources: variantCase(6, {}),
  Custom: variantCase(7, { 0: u8 }),
  BadMandatory: variantCase(8, {}),
  MandatoryValidation: variantCase(9, {}),
  BadSigner: variantCase(10, {}),
  IndeterminateImplicit: variantCase(11, {}),
  UnknownOrigin: variantCase(12, {}),
})

export const unknownTransaction = variant('sp_runtime::transaction_validity::UnknownTransaction', {
  CannotLookup: variantCase(0, {}),
  NoUnsignedValidator: variantCase(1, {}),
  Custom: variantCase(2, { 0: u8 }),
})

export const transactionValidityError = variant('sp_runtime::transaction_validity::TransactionValidityError', {
  Invalid: variantCase(0, { 0: invalidTransaction }),
  Unknown: variantCase(1, { 0: unknownTransaction }),
})

export type TransactionValidityError = ValueOf<typeof transactionValidityError>

/** `ApplyExtrinsicResult`: what became of an extrinsic, or why it could not be in a block at all. */
export const applyResult = result(result(unit, dispatchError), transactionValidityError)
export type ApplyResult = ValueOf<typeof applyResult>

type InvalidReason = ValueOf<typeof invalidTransaction>['type']

/** The real node's words, by which clients and their users know these failures. */
const invalidWords = {
  Call: 'Transaction call is not expected',
  Payment: 'Inability to pay some fees (e.g. account balance too low)',
  Future: 'Transaction will be valid in the future',
  Stale: 'Transaction is outdated',
  BadProof: 'Transaction has a bad signature',
  AncientBirthBlock: 'Transaction has an ancient birth block',
  ExhaustsResources: 'Transaction would exhaust the block limits',
  Custom: 'InvalidTransaction custom error',
  BadMandatory: 'A call was labelled as mandatory, but resulted in an Error.',
  MandatoryValidation: 'Transaction dispatch is mandatory; transactions must not be validated.',
  BadSigner: 'Invalid signing address',
  IndeterminateImplicit: 'The implicit data was unable to be calculated',
  UnknownOrigin: 'The transaction extension did not authorize any origin',
} as const satisfies Record<InvalidReason, string>

/** Words for an error, as the `data` of JSON-RPC errors 1010 and 1011. */
export function validityWords(error: TransactionValidityError): string {
  if (error.type === 'Unknown') return error[0].type === 'Custom' ? `Custom(${error[0][0]})` : error[0].type
  return error[0].type === 'Custom' ? `Custom error: ${error[0][0]}` : invalidWords[error[0].type]
}

/** An extrinsic that may not stand in the next block, nor in the pool. */
export class ValidityFailure extends FacultyError<{ code: 'invalid-transaction'; error: TransactionValidityError }> {
  /** @param detail what is wrong in particular, where the standard words leave it open */
  constructor(error: TransactionValidityError, detail?: string) {
    const words = validityWords(error)
    super(detail === undefined ? words : `${words}: ${detail}`, { code: 'invalid-transaction', error })
  }
}

/** `throw invalid('Stale')` */
export function invalid(reason: Exclude<InvalidReason, 'Custom'>, detail?: string): ValidityFailure {
  return new ValidityFailure({ type: 'Invalid', 0: { type: reason } }, detail)
}

/** @param code the N of `Custom error: N`, see facts: subtensor-chain.md, (a) pool rejections */
export function invalidCustom(code: number): ValidityFailure {
  return new ValidityFailure({ type: 'Invalid', 0: { type: 'Custom', 0: code } })
}

export function unknown(reason: 'CannotLookup' | 'NoUnsignedValidator'): ValidityFailure {
  return new ValidityFailure({ type: 'Unknown', 0: { type: reason } })
}
