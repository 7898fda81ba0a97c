import { decodeExtrinsic } from '../extrinsic.ts'
import { type DispatchInfo, dispatchInfoOf, feeDetails } from '../fees.ts'
import type { ApiSource } from '../makeRuntime.ts'
import type { Call } from '../pallet.ts'
import { method, type Runtime } from '../runtime.ts'
import { taoBalance } from '../scale/chainTypes.ts'
import { dispatchInfoType } from '../scale/frameTypes.ts'
import { option, struct, u32, type ValueOf } from '../scale/types.ts'
import { uncheckedExtrinsic } from '../uncheckedExtrinsic.ts'

const feeDetailsType = struct('pallet_transaction_payment::types::FeeDetails', {
  inclusion_fee: option(
    struct('pallet_transaction_payment::types::InclusionFee', {
      base_fee: taoBalance,
      len_fee: taoBalance,
      adjusted_weight_fee: taoBalance,
    }),
  ),
  tip: taoBalance,
})

interface Priced {
  readonly call: Call
  /** Bytes of the whole extrinsic. */
  readonly length: number
}

function infoOf(runtime: Runtime, { call, length }: Priced): ValueOf<typeof dispatchInfoType> {
  const info = dispatchInfoOf(runtime, call)
  return {
    weight: { ref_time: BigInt(info.refTime), proof_size: BigInt(info.proofSize) },
    class: { type: info.class },
    partial_fee: feeDetails(info, length).total,
  }
}

/** The tip is the signer's affair, so it is not known here. */
function detailsOf(runtime: Runtime, { call, length }: Priced): ValueOf<typeof feeDetailsType> {
  const info: DispatchInfo = dispatchInfoOf(runtime, call)
  const fee = feeDetails(info, length)
  const inclusion = { base_fee: fee.base, len_fee: fee.length, adjusted_weight_fee: fee.weight }
  return { inclusion_fee: info.pays === 'Yes' ? inclusion : undefined, tip: 0n }
}

/** What an extrinsic, signed or not, will cost: exactly what is charged for it. */
export const transactionPaymentApi: ApiSource = ({ runtimeCall }) => {
  const inputs = { uxt: uncheckedExtrinsic(runtimeCall), len: u32 }
  const priced = (runtime: Runtime, { uxt, len }: { uxt: Uint8Array; len: number }): Priced => {
    return { call: decodeExtrinsic(runtime, uxt).call, length: len }
  }
  return {
    name: 'TransactionPaymentApi',
    version: 4,
    methods: {
      query_info: method(inputs, dispatchInfoType, ({ runtime }, args) => infoOf(runtime, priced(runtime, args))),
      query_fee_details: method(inputs, feeDetailsType, ({ runtime }, args) =>
        detailsOf(runtime, priced(runtime, args)),
      ),
    },
  }
}

/** The same for a call whose extrinsic is not there yet. */
export const transactionPaymentCallApi: ApiSource = ({ runtimeCall }) => {
  const inputs = { call: runtimeCall, len: u32 }
  return {
    name: 'TransactionPaymentCallApi',
    version: 3,
    methods: {
      query_call_info: method(inputs, dispatchInfoType, ({ runtime }, { call, len }) =>
        infoOf(runtime, { call, length: len }),
      ),
      query_call_fee_details: method(inputs, feeDetailsType, ({ runtime }, { call, len }) =>
        detailsOf(runtime, { call, length: len }),
      ),
    },
  }
}
