import { InputError } from '../base/errors.ts'
import type { Signer } from '../keys/signer.ts'
import { sudoCall } from './calls.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { hyperparameterCall, settingOf } from './hyperparameters.ts'
import { readMany } from './readMany.ts'
import { type Submitted, submit } from './submit.ts'
import { asText } from './values.ts'

/** In whose name a setting is changed: the subnet owner's, or root's through the Sudo pallet. */
export type ChangeOrigin = 'owner' | 'root'

export interface Change {
  readonly netuid: number
  /** As btcli has it, e.g. `immunity_period`. */
  readonly name: string
  readonly value: string
}

/**
 * What an account has to be to change this setting, and is. The sudo key changes everything as root, save what only a
 * transaction of the owner can.
 *
 * @throws InputError for a setting that does not exist; ChainError `not-permitted` naming the address that may
 */
export async function changeOrigin(chain: Chain, change: Change, address: string): Promise<ChangeOrigin> {
  const [sudo, owner] = await readMany(chain, [
    { pallet: 'Sudo', item: 'Key' },
    { pallet: 'SubtensorModule', item: 'SubnetOwner', keys: [change.netuid] },
  ])
  const [sudoKey, ownerKey] = [asText(sudo), asText(owner)]
  const row = settingOf(chain, change.name)
  if (row === undefined) throw new InputError('NAME', change.name, 'see faculty subnet hyperparameters')
  if (address === ownerKey && row.by === 'owner') return 'owner'
  if (address === sudoKey) return 'root'
  const needed = row.by === 'owner' ? ownerKey : sudoKey
  throw new ChainError(
    `${change.name} of subnet ${change.netuid} cannot be changed by ${address}`,
    { code: 'not-permitted', needed },
    { mend: `only ${row.by === 'owner' ? "the subnet's owner" : 'the sudo key'}, ${needed}, may` },
  )
}

/** Changes a setting in the name that the signer has for it. @throws as `changeOrigin` and `submit` */
export async function changeHyperparameter(
  chain: Chain,
  options: Change & { readonly signer: Signer },
): Promise<Submitted & { readonly origin: ChangeOrigin }> {
  const { signer, netuid, name, value } = options
  const call = hyperparameterCall(chain, netuid, name, value)
  const origin = await changeOrigin(chain, options, signer.address)
  const submitted = await submit(chain, origin === 'root' ? sudoCall(chain, call) : call, { signer })
  return { ...submitted, origin }
}
