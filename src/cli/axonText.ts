import { InputError } from '../base/errors.ts'
import type { AxonInfo } from '../chain/getMetagraph.ts'
import { hostOfChainIp, showAddress } from '../wire/axonAddress.ts'

/** Whatever stands on the chain, also what is no address. */
export function axonText({ ip, ipType, port }: AxonInfo): string {
  try {
    return showAddress(hostOfChainIp({ ip, ipType }), port)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return `no address (${ip}, type ${ipType}):${port}`
  }
}
