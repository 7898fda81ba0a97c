import { multiAddress } from './scale/chainTypes.ts'
import { multiSignature } from './scale/frameTypes.ts'
import type { ScaleReader } from './scale/io.ts'
import { type AnyType, bytes, type ScaleType, tuple, withParameters, wrapper } from './scale/types.ts'
import { signedExtensions } from './signedExtensions.ts'

/** All signed extensions' parts that travel in an extrinsic, in order. */
export const extraType: AnyType = tuple(...signedExtensions.map(({ extra }) => extra))

/**
 * An extrinsic as metadata and runtime APIs know it. Its value is the whole of its bytes, length prefix included, as
 * extrinsic.ts decodes them.
 */
export function uncheckedExtrinsic(runtimeCall: AnyType): ScaleType<Uint8Array> {
  const parameters = {
    Address: multiAddress,
    Call: runtimeCall,
    Signature: multiSignature,
    Extra: extraType,
  }
  const inner = withParameters(
    wrapper('sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic', bytes),
    parameters,
  )
  return {
    ...withParameters(wrapper('fp_self_contained::unchecked_extrinsic::UncheckedExtrinsic', inner), parameters),
    encode: (value, out) => out.bytes(value),
    decode: (input: ScaleReader) => {
      const start = input.offset
      bytes.decode(input)
      return input.input.subarray(start, input.offset)
    },
  }
}
