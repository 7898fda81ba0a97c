import { decodeExtrinsic } from '../extrinsic.ts'
import { dispatchInfoOf, feeDetails } from '../fees.ts'
import type { LocalNode } from '../node.ts'
import { type Methods, method } from './method.ts'
import { at, bytes } from './params.ts'
import { stateAt } from './state.ts'

/** Fees do not depend on the state, but the block that is asked for must be there. */
function priced({ runtime }: LocalNode, extrinsic: Uint8Array) {
  const { call } = decodeExtrinsic(runtime, extrinsic)
  const info = dispatchInfoOf(runtime, call)
  return { info, fee: feeDetails(info, extrinsic.length) }
}

const hexAmount = (rao: bigint): string => `0x${rao.toString(16)}`

export const paymentMethods: Methods = {
  payment_queryInfo: method([bytes, at], ({ node }, extrinsic, block) => {
    stateAt(node, block)
    const { info, fee } = priced(node, extrinsic)
    return {
      weight: { ref_time: info.refTime, proof_size: info.proofSize },
      class: info.class.toLowerCase(),
      partialFee: fee.total.toString(),
    }
  }),
  payment_queryFeeDetails: method([bytes, at], ({ node }, extrinsic, block) => {
    stateAt(node, block)
    const { info, fee } = priced(node, extrinsic)
    const inclusionFee = {
      baseFee: hexAmount(fee.base),
      lenFee: hexAmount(fee.length),
      adjustedWeightFee: hexAmount(fee.weight),
    }
    return { inclusionFee: info.pays === 'Yes' ? inclusionFee : null }
  }),
}
