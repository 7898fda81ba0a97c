import { formatTokens, type Rao } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall, hasCall } from './calls.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { readOne } from './readMany.ts'
import { type Submitted, submit } from './submit.ts'
import { asBigint, asNumber } from './values.ts'

const pallet = 'SubtensorModule'

export interface RegisterOptions {
  /** The coldkey that pays and will own the hotkey. */
  readonly signer: Signer
  readonly hotkey: string
  readonly netuid: number
  /** Refuse to pay more than this; the price rises with each registration. */
  readonly limit?: Rao
}

/**
 * Registers a hotkey on a subnet by paying the burn.
 *
 * The limit is the chain's to keep where it has `register_limit` (from 401 on). Before, the price is looked at right
 * before the call is sent, and may still rise until its block.
 *
 * @returns the uid that it got
 * @throws ChainError `too-dear` where the price is above the limit
 */
export async function burnedRegister(
  chain: Chain,
  options: RegisterOptions,
): Promise<Submitted & { readonly uid: number }> {
  const { netuid, hotkey, limit } = options
  const isKept = limit !== undefined && hasCall(chain, pallet, 'register_limit')
  if (limit !== undefined) {
    const price = await getBurn(chain, { netuid })
    if (price > limit) throw tooDear(price, limit)
  }
  const call = isKept
    ? composeCall(chain, pallet, 'register_limit', [netuid, hotkey, limit])
    : composeCall(chain, pallet, 'burned_register', [netuid, hotkey])
  const submitted = await submit(chain, call, { signer: options.signer }).catch(async (error: unknown) => {
    if (limit === undefined || !isAboveLimit(error)) throw error
    throw tooDear(await getBurn(chain, { netuid }), limit, error)
  })
  const registered = submitted.events.find(({ event }) => event.method === 'NeuronRegistered')
  if (registered === undefined) {
    throw new ChainError('burned_register: no NeuronRegistered event', {
      code: 'not-found',
      what: 'event NeuronRegistered',
    })
  }
  return { ...submitted, uid: asNumber(registered.event.data[1]) }
}

function isAboveLimit(error: unknown): boolean {
  return (
    error instanceof ChainError &&
    error.failure.code === 'dispatch' &&
    error.failure.name.endsWith('RegistrationPriceLimitExceeded')
  )
}

function tooDear(price: bigint, limit: bigint, cause?: unknown): ChainError {
  return new ChainError(
    `registering costs ${formatTokens(price)} now, above the limit of ${formatTokens(limit)}`,
    { code: 'too-dear', price, limit },
    { mend: 'wait until the price has fallen, or raise the limit', cause },
  )
}

/** What registering on a subnet costs now, in rao. */
export async function getBurn(chain: Chain, options: { netuid: number }): Promise<Rao> {
  return asBigint(await readOne(chain, pallet, 'Burn', [options.netuid])) as Rao
}
