import { accountId } from '../scale/chainTypes.ts'
import { byteArray, variant, variantCase, withParameters, wrapper } from '../scale/types.ts'

const rawOrigin = withParameters(
  variant('frame_support::dispatch::RawOrigin', {
    Root: variantCase(0, {}),
    Signed: variantCase(1, { 0: accountId }),
    None: variantCase(2, {}),
    Authorized: variantCase(3, {}),
  }),
  { AccountId: accountId },
)

const ethereumOrigin = variant('pallet_ethereum::RawOrigin', {
  EthereumTransaction: variantCase(0, { 0: wrapper('primitive_types::H160', byteArray(20)) }),
})

/** Who a call can be dispatched as. Ethereum's origin has its place in the type and can do nothing here. */
export const originCaller = variant('node_subtensor_runtime::OriginCaller', {
  system: variantCase(0, { 0: rawOrigin }),
  Ethereum: variantCase(21, { 0: ethereumOrigin }),
})
