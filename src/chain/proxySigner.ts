import type { Signer } from '../keys/signer.ts'
import { decodeAddress, encodeAddress } from '../keys/ss58.ts'
import { ChainError } from './chainError.ts'

/**
 * Acts for an account through the chain's Proxy pallet: calls are wrapped in `Proxy.proxy` and signed by the delegate,
 * so that the account's own key stays off this machine. `address` is the account acted for.
 */
export interface ProxySigner extends Signer {
  readonly delegate: Signer
  /** The kind of proxy to use, e.g. `Staking`; null takes the first that allows the call. */
  readonly proxyType: string | null
}

/**
 * @param real SS58 address of the account acted for, which has added the delegate as its proxy
 * @throws KeyError `bad-address`
 */
export function proxySigner(delegate: Signer, real: string, proxyType: string | null = null): ProxySigner {
  const { publicKey } = decodeAddress(real)
  return {
    address: encodeAddress(publicKey),
    publicKey,
    type: delegate.type,
    delegate,
    proxyType,
    sign() {
      throw new ChainError(
        `a proxy of ${real} can submit calls for it, but not sign in its name`,
        { code: 'not-permitted', needed: real },
        { mend: 'sign with the key of the account itself' },
      )
    },
  }
}

export function isProxySigner(signer: Signer): signer is ProxySigner {
  return 'delegate' in signer
}
