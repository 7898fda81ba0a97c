import type { ApiSource } from '../makeRuntime.ts'
import { nonceOf, storage as system } from '../pallets/system.ts'
import type { Candidate } from '../pool.ts'
import { type ApiContext, method } from '../runtime.ts'
import { accountId, type Hex32, h256 } from '../scale/chainTypes.ts'
import { result } from '../scale/collections.ts'
import {
  bool,
  bytes,
  encode,
  struct,
  tuple,
  u32,
  u64,
  type ValueOf,
  variant,
  variantCase,
  vec,
} from '../scale/types.ts'
import type { State } from '../state.ts'
import { uncheckedExtrinsic } from '../uncheckedExtrinsic.ts'
import { decodeCandidate, type PoolChecks, validate } from '../validity.ts'
import { transactionValidityError, ValidityFailure } from '../validityError.ts'

const transactionSource = variant('sp_runtime::transaction_validity::TransactionSource', {
  InBlock: variantCase(0, {}),
  Local: variantCase(1, {}),
  External: variantCase(2, {}),
})

const validTransaction = struct('sp_runtime::transaction_validity::ValidTransaction', {
  priority: u64,
  requires: vec(bytes),
  provides: vec(bytes),
  longevity: u64,
  propagate: bool,
})

const transactionValidity = result(validTransaction, transactionValidityError)

/** The pool's tag of an extrinsic: its signer and nonce. */
const tag = tuple(accountId, u32)

const maxU64 = 2n ** 64n - 1n

/**
 * Whether an extrinsic could enter the pool, by the very checks of the pool.
 *
 * @param poolChecks the node's own
 */
export function taggedTransactionQueueApi(poolChecks: PoolChecks): ApiSource {
  return ({ runtimeCall }) => ({
    name: 'TaggedTransactionQueue',
    version: 3,
    methods: {
      validate_transaction: method(
        { source: transactionSource, tx: uncheckedExtrinsic(runtimeCall), block_hash: h256 },
        transactionValidity,
        (context, { tx, block_hash }) => {
          try {
            return { type: 'Ok', 0: validityOf(context, poolChecks, tx, block_hash) } as const
          } catch (error) {
            if (error instanceof ValidityFailure) return { type: 'Err', 0: error.failure.error } as const
            throw error
          }
        },
      ),
    },
  })
}

/** @param headHash hash of the block whose state this is, which the state itself does not know yet */
function validityOf(
  { state, runtime, isImpersonated }: ApiContext,
  poolChecks: PoolChecks,
  tx: Uint8Array,
  headHash: Hex32,
): ValueOf<typeof validTransaction> {
  const head = state.get(system.Number)
  const blockHash = (number: number): Hex32 | undefined => {
    if (number === head) return headHash
    return state.has(system.BlockHash, number) ? state.get(system.BlockHash, number) : undefined
  }
  const rules = { runtime, poolChecks, genesisHash: blockHash(0)!, blockHash, isImpersonated }
  const view = { state, build: runtime.build, block: head + 1 }
  return toValidity(validate(rules, view, decodeCandidate(runtime, tx)), state, view.block)
}

function toValidity(candidate: Candidate, state: State, block: number): ValueOf<typeof validTransaction> {
  const { extrinsic, priority, deathBlock } = candidate
  const { signer, nonce } = extrinsic.signed
  return {
    priority,
    requires: nonce > nonceOf(state, signer) ? [encode(tag, [signer, nonce - 1])] : [],
    provides: [encode(tag, [signer, nonce])],
    longevity: Number.isFinite(deathBlock) ? BigInt(deathBlock - block) : maxU64,
    propagate: true,
  }
}
