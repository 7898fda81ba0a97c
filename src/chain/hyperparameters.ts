import type { Codec } from '@polkadot/types/types'
import { stringCamelCase } from '@polkadot/util'
import { InputError } from '../base/errors.ts'
import type { Signer } from '../keys/signer.ts'
import { composeCall, hasCall, sudoCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Read, readMany } from './readMany.ts'
import { type CallToSubmit, type Submitted, submit } from './submit.ts'

/** One setting of a subnet: where it is stored and which call changes it. */
interface Hyperparameter {
  readonly storage: string
  /** Absent for what nobody sets directly. */
  readonly call?: readonly [pallet: 'AdminUtils' | 'SubtensorModule', name: string]
  /** Who may: the subnet's owner, or only the sudo key. */
  readonly by: 'owner' | 'root' | 'nobody'
  readonly help: string
}

const admin = (name: string): readonly ['AdminUtils', string] => ['AdminUtils', name]

/** By the names that btcli shows. @see facts: subtensor-chain.md, (e) */
export const hyperparameters = {
  tempo: { storage: 'Tempo', call: admin('sudo_set_tempo'), by: 'root', help: 'blocks between epochs' },
  kappa: { storage: 'Kappa', call: admin('sudo_set_kappa'), by: 'root', help: 'consensus majority, of 65535' },
  rho: { storage: 'Rho', call: admin('sudo_set_rho'), by: 'owner', help: 'without effect on the epoch' },
  immunity_period: { storage: 'ImmunityPeriod', call: admin('sudo_set_immunity_period'), by: 'owner', help: 'blocks' },
  min_allowed_weights: {
    storage: 'MinAllowedWeights',
    call: admin('sudo_set_min_allowed_weights'),
    by: 'owner',
    help: 'uids a validator must weight',
  },
  max_allowed_uids: { storage: 'MaxAllowedUids', call: admin('sudo_set_max_allowed_uids'), by: 'owner', help: 'slots' },
  max_validators: {
    storage: 'MaxAllowedValidators',
    call: admin('sudo_set_max_allowed_validators'),
    by: 'root',
    help: 'permits',
  },
  weights_version: {
    storage: 'WeightsVersionKey',
    call: admin('sudo_set_weights_version_key'),
    by: 'owner',
    help: 'lowest version key taken',
  },
  weights_rate_limit: {
    storage: 'WeightsSetRateLimit',
    call: admin('sudo_set_weights_set_rate_limit'),
    by: 'root',
    help: 'blocks between weights of one validator',
  },
  activity_cutoff_factor: {
    storage: 'ActivityCutoffFactorMilli',
    call: ['SubtensorModule', 'set_activity_cutoff_factor'],
    by: 'owner',
    help: 'thousandths of a tempo',
  },
  registration_allowed: {
    storage: 'NetworkRegistrationAllowed',
    call: admin('sudo_set_network_registration_allowed'),
    by: 'root',
    help: 'true or false',
  },
  burn: { storage: 'Burn', by: 'nobody', help: 'price of a registration now, rao' },
  min_burn: { storage: 'MinBurn', call: admin('sudo_set_min_burn'), by: 'owner', help: 'rao' },
  max_burn: { storage: 'MaxBurn', call: admin('sudo_set_max_burn'), by: 'owner', help: 'rao' },
  burn_half_life: { storage: 'BurnHalfLife', call: admin('sudo_set_burn_half_life'), by: 'owner', help: 'blocks' },
  serving_rate_limit: {
    storage: 'ServingRateLimit',
    call: admin('sudo_set_serving_rate_limit'),
    by: 'owner',
    help: 'blocks between announcements',
  },
  bonds_moving_avg: {
    storage: 'BondsMovingAverage',
    call: admin('sudo_set_bonds_moving_average'),
    by: 'owner',
    help: 'parts per million',
  },
  bonds_penalty: { storage: 'BondsPenalty', call: admin('sudo_set_bonds_penalty'), by: 'owner', help: 'of 65535' },
  commit_reveal_weights_enabled: {
    storage: 'CommitRevealWeightsEnabled',
    call: admin('sudo_set_commit_reveal_weights_enabled'),
    by: 'owner',
    help: 'true or false',
  },
  commit_reveal_period: {
    storage: 'RevealPeriodEpochs',
    call: admin('sudo_set_commit_reveal_weights_interval'),
    by: 'owner',
    help: 'epochs',
  },
  liquid_alpha_enabled: {
    storage: 'LiquidAlphaOn',
    call: admin('sudo_set_liquid_alpha_enabled'),
    by: 'owner',
    help: 'true or false',
  },
  alpha_sigmoid_steepness: {
    storage: 'AlphaSigmoidSteepness',
    call: admin('sudo_set_alpha_sigmoid_steepness'),
    by: 'owner',
    help: 'hundredths',
  },
  yuma3_enabled: { storage: 'Yuma3On', call: admin('sudo_set_yuma3_enabled'), by: 'owner', help: 'true or false' },
  transfers_enabled: {
    storage: 'TransferToggle',
    call: admin('sudo_set_toggle_transfer'),
    by: 'owner',
    help: 'true or false',
  },
  subnet_emission_enabled: {
    storage: 'SubnetEmissionEnabled',
    call: admin('sudo_set_subnet_emission_enabled'),
    by: 'root',
    help: 'true or false',
  },
  mechanism_count: {
    storage: 'MechanismCountCurrent',
    call: admin('sudo_set_mechanism_count'),
    by: 'owner',
    help: 'mechanisms',
  },
} as const satisfies Record<string, Hyperparameter>

export type HyperparameterName = keyof typeof hyperparameters

/**
 * A setting as this chain has it. Newer releases let the owner set the tempo, and have moved one call: the old one is
 * still there, takes its fee, says that all is well and does nothing.
 *
 * @returns undefined for a setting that does not exist
 * @see facts: current-generation.md, 1.3
 */
export function settingOf(chain: Chain, name: string): Hyperparameter | undefined {
  if (!Object.hasOwn(hyperparameters, name)) return undefined
  const row: Hyperparameter = hyperparameters[name as HyperparameterName]
  if (!hasCall(chain, ...movedCutoff)) return row
  if (name === 'tempo') return { ...row, by: 'owner' }
  return name === 'activity_cutoff_factor' ? { ...row, call: movedCutoff } : row
}

const movedCutoff = admin('sudo_set_activity_cutoff_factor')

/** A subnet's settings under their btcli names, as text. Settings that the chain's release does not know are left out. */
export async function getHyperparameters(
  chain: Chain,
  options: { netuid: number },
): Promise<Partial<Record<HyperparameterName, string>>> {
  const known = chain.api.query.subtensorModule
  const rows = Object.entries(hyperparameters).filter(
    ([, { storage }]) => known?.[stringCamelCase(storage)] !== undefined,
  )
  const reads = rows.map(
    ([, { storage }]): Read => ({ pallet: 'SubtensorModule', item: storage, keys: [options.netuid] }),
  )
  const values = await readMany(chain, reads)
  return Object.fromEntries(
    rows.map(([name], i) => [name, (values[i] as Codec | undefined)?.toString() ?? '']),
  ) as never
}

/**
 * The call that changes a setting of a subnet.
 *
 * @throws InputError for an unknown setting or a value of the wrong type
 */
export function hyperparameterCall(chain: Chain, netuid: number, name: string, value: string): CallToSubmit {
  const row = settingOf(chain, name)
  if (row?.call === undefined) {
    const settable = Object.entries(hyperparameters).filter(([, item]) => 'call' in item)
    throw new InputError('hyperparameter', name, `one of ${settable.map(([key]) => key).join(', ')}`)
  }
  if (!/^(true|false|-?\d+)$/.test(value)) throw new InputError(name, value, 'give a whole number, true or false')
  const argument = value === 'true' ? true : value === 'false' ? false : BigInt(value)
  return composeCall(chain, row.call[0], row.call[1], [netuid, argument])
}

/** Changes a setting, as the subnet's owner, or as root where the signer is the sudo key and `asRoot` is given. */
export async function setHyperparameter(
  chain: Chain,
  options: { signer: Signer; netuid: number; name: string; value: string; asRoot?: boolean },
): Promise<Submitted> {
  const call = hyperparameterCall(chain, options.netuid, options.name, options.value)
  return await submit(chain, options.asRoot === true ? sudoCall(chain, call) : call, { signer: options.signer })
}
