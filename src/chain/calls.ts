import { stringCamelCase } from '@polkadot/util'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import type { CallToSubmit } from './submit.ts'

/**
 * Composes a call from on-chain names.
 *
 * @param pallet e.g. `SubtensorModule`
 * @param name e.g. `burned_register`
 * @param args in the order of the chain's metadata
 * @throws ChainError `not-found` where the chain has no such call
 */
export function composeCall(chain: Chain, pallet: string, name: string, args: readonly unknown[]): CallToSubmit {
  const make = chain.api.tx[stringCamelCase(pallet)]?.[stringCamelCase(name)]
  if (make === undefined) {
    const mend = 'the chain runs another release than this client knows'
    throw new ChainError(
      `${pallet}.${name}: this chain has no such call`,
      { code: 'not-found', what: `${pallet}.${name}` },
      { mend },
    )
  }
  return make(...args)
}

/** Whether the chain's release has a call. */
export function hasCall(chain: Chain, pallet: string, name: string): boolean {
  return chain.api.tx[stringCamelCase(pallet)]?.[stringCamelCase(name)] !== undefined
}

/** Wraps a call so that the sudo key executes it as root. */
export function sudoCall(chain: Chain, call: CallToSubmit): CallToSubmit {
  return composeCall(chain, 'Sudo', 'sudo', [call])
}

/** Several calls in one extrinsic; either all take effect or none. */
export function batchCalls(chain: Chain, calls: readonly CallToSubmit[]): CallToSubmit {
  return composeCall(chain, 'Utility', 'batch_all', [calls])
}
