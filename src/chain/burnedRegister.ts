import type { Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { readOne } from './readMany.ts'
import { type Submitted, submit } from './submit.ts'
import { asBigint, asNumber } from './values.ts'

export interface RegisterOptions {
  /** The coldkey that pays and will own the hotkey. */
  readonly signer: Signer
  readonly hotkey: string
  readonly netuid: number
  /** Refuse to pay more than this; the price rises with each registration. */
  readonly limit?: Rao
}

/** Registers a hotkey on a subnet by paying the burn. @returns the uid that it got */
export async function burnedRegister(
  chain: Chain,
  options: RegisterOptions,
): Promise<Submitted & { readonly uid: number }> {
  const { netuid, hotkey, limit } = options
  const call =
    limit === undefined
      ? composeCall(chain, 'SubtensorModule', 'burned_register', [netuid, hotkey])
      : composeCall(chain, 'SubtensorModule', 'register_limit', [netuid, hotkey, limit])
  const submitted = await submit(chain, call, { signer: options.signer })
  const registered = submitted.events.find(({ event }) => event.method === 'NeuronRegistered')
  if (registered === undefined) {
    throw new ChainError('burned_register: no NeuronRegistered event', {
      code: 'not-found',
      what: 'event NeuronRegistered',
    })
  }
  return { ...submitted, uid: asNumber(registered.event.data[1]) }
}

/** What registering on a subnet costs now, in rao. */
export async function getBurn(chain: Chain, options: { netuid: number }): Promise<Rao> {
  return asBigint(await readOne(chain, 'SubtensorModule', 'Burn', [options.netuid])) as Rao
}
